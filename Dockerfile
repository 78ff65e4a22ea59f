# syntax=docker/dockerfile:1
# aside as a small image: the program, the C library that it needs, and the rules that ship. No shell, no
# package manager, nobody's right to write anything.
#
# It reads ./aside.toml, where there is one, and ./rules in /etc/aside: mount your own over them. Without
# a config with `keys` and `listen` nobody outside can ask.

FROM rust:1.95.0-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --profile dist --locked --bin aside \
    && deploy/image target/dist/aside /image

FROM scratch
COPY --from=build /image /
WORKDIR /etc/aside
# By number, so that Kubernetes can tell that it is not root.
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["/usr/local/bin/aside", "health"]
# Turns are served until the last one has ended; give that its time: docker stop --time 130
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/aside"]
CMD ["serve"]
