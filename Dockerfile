# aside as a small image. It reads ./aside.toml, where there is one, and ./rules in /etc/aside:
# mount your own over them. Without a config with `keys` and `listen` nobody outside can ask.

FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --profile dist --locked --bin aside

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /build/target/dist/aside /usr/local/bin/aside
WORKDIR /etc/aside
COPY rules rules
USER nonroot
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/aside"]
CMD ["serve"]
