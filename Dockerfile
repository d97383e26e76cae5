# The program is built by the same scripts as ./run; the image holds it and the libraries it needs.
# tests/packaging/dockerfile_in_chroot.py plays these lines where there is no container engine.
FROM debian:12-slim AS build
WORKDIR /src
# The packages first: they change seldom, and the layer is kept.
COPY cmake/install-packages cmake/steps.sh cmake/debian-packages.txt cmake/
RUN cmake/install-packages run
COPY . .
RUN ./run version && strip -o twindow build/release/twindow

FROM debian:12-slim
COPY cmake/install-packages cmake/steps.sh cmake/debian-packages.txt /tmp/twindow/cmake/
RUN /tmp/twindow/cmake/install-packages image \
    && rm -rf /tmp/twindow /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /var/lib/twindow --no-create-home --no-log-init twindow \
    && install -d -o twindow -g twindow -m 0700 /var/lib/twindow
COPY --from=build /src/twindow /usr/local/bin/twindow
USER twindow
# A container's loopback is reached by nobody: listen on all of its addresses.
ENV TWINDOW_LISTEN=0.0.0.0:4010 \
    TWINDOW_CONTROL=0.0.0.0:4011 \
    TWINDOW_TLS=0.0.0.0:4443 \
    TWINDOW_DATA=/var/lib/twindow
VOLUME /var/lib/twindow
EXPOSE 4010 4011 4443
# Finds the server by the same variables as the server itself.
HEALTHCHECK --interval=5s --timeout=3s --start-period=2s CMD ["twindow", "readyz"]
# SIGTERM, which `docker stop` sends, drains; for at most 10 s, the patience of `docker stop`.
ENTRYPOINT ["twindow"]
