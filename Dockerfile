# syntax=docker/dockerfile:1
FROM debian:12-slim AS build
WORKDIR /src
# The packages first: they change seldom, and the layer is kept.
COPY cmake/install-packages cmake/steps.sh cmake/debian-packages.txt cmake/
RUN cmake/install-packages run
COPY . .
RUN ./run version

FROM debian:12-slim
COPY cmake/install-packages cmake/steps.sh cmake/debian-packages.txt /tmp/twindow/cmake/
RUN /tmp/twindow/cmake/install-packages image \
    && rm -rf /tmp/twindow /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /var/lib/twindow --create-home twindow
COPY --from=build /src/build/release/twindow /usr/local/bin/twindow
USER twindow
# A container's loopback is reached by nobody: listen on all of its addresses.
ENV TWINDOW_LISTEN=0.0.0.0:4010 \
    TWINDOW_CONTROL=0.0.0.0:4011 \
    TWINDOW_DATA=/var/lib/twindow
VOLUME /var/lib/twindow
EXPOSE 4010 4011
HEALTHCHECK --interval=5s --timeout=3s --start-period=2s CMD ["twindow", "readyz"]
ENTRYPOINT ["twindow"]
