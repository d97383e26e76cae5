// SPDX-License-Identifier: Apache-2.0
// The one thread that touches the database. Whatever waits when it looks is done together: first
// what only reads, answered at once; then all changes in one transaction, answered after its
// commit. While it commits, the next batch gathers.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "twindow/base/suspend.h"

#include "src/store/sqlite/database.h"

namespace twindow::store::sqlite {

class StoreThread {
 public:
  explicit StoreThread(std::unique_ptr<Database> database);
  ~StoreThread() { close(); }
  StoreThread(const StoreThread&) = delete;
  StoreThread& operator=(const StoreThread&) = delete;

  // `job(Database&)` returns a Result, runs on the store thread, and may run more than once: what a
  // failed transaction did is undone, and then done again without the others. Resumes on the
  // caller's executor. Thread-safe.
  template <class Job>
  auto read(Job job) {
    return ask(std::move(job), &Waiting::reads);
  }
  template <class Job>
  auto write(Job job) {
    return ask(std::move(job), &Waiting::writes);
  }

  // Does what waits, and ends the thread. Not for use from an executor's threads.
  void close();

 private:
  class Operation {
   public:
    virtual ~Operation() = default;
    virtual void run(Database& database) = 0;
    virtual void answer() = 0;
    // Where answer_here() may be called instead; null: nowhere.
    virtual boost::asio::io_context* asked_by() const = 0;
    virtual void answer_here() = 0;
    virtual void refuse(const Error& error) = 0;
  };
  using Operations = std::vector<std::unique_ptr<Operation>>;

  template <class Answer, class Job>
  class OperationOf final : public Operation {
   public:
    OperationOf(Job job, Resume<Answer> resume)
        : job_(std::move(job)), resume_(std::move(resume)) {}
    void run(Database& database) override { answer_.emplace(job_(database)); }
    void answer() override { resume_(*std::move(answer_)); }
    boost::asio::io_context* asked_by() const override { return resume_.suspended_by(); }
    void answer_here() override { resume_.here(*std::move(answer_)); }
    void refuse(const Error& error) override { resume_(Unexpected(error)); }

   private:
    Job job_;
    Resume<Answer> resume_;
    std::optional<Answer> answer_;
  };

  struct Waiting {
    Operations reads;
    Operations writes;
    bool empty() const { return reads.empty() && writes.empty(); }
  };

  template <class Job>
  auto ask(Job job, Operations Waiting::*queue) {
    using Answer = std::invoke_result_t<Job&, Database&>;
    return suspend<Answer>([this, queue, job = std::move(job)](Resume<Answer> resume) mutable {
      push(std::make_unique<OperationOf<Answer, Job>>(std::move(job), std::move(resume)), queue);
    });
  }

  void push(std::unique_ptr<Operation> operation, Operations Waiting::*queue);
  std::optional<Waiting> take();
  void run();
  void write_together(std::span<std::unique_ptr<Operation>> writes);
  static void answer_together(std::span<std::unique_ptr<Operation>> done);
  Result<void> try_together(std::span<std::unique_ptr<Operation>> writes);

  std::unique_ptr<Database> database_;
  std::mutex mutex_;
  std::condition_variable news_;
  Waiting waiting_;      // under mutex_
  bool closed_ = false;  // likewise
  std::thread thread_;   // last: it uses the others
};

}  // namespace twindow::store::sqlite
