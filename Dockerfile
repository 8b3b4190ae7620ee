# A small image with the program, and git for `--since`.
FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev gcc
WORKDIR /src
COPY Cargo.toml Cargo.lock build.rs ./
COPY rules rules
COPY fixtures/rules fixtures/rules
COPY src src
RUN cargo build --locked --profile dist && cp target/dist/faasible /faasible

FROM alpine:3.22
RUN apk add --no-cache git && adduser -D -H faasible \
    && git config --system --add safe.directory '*'
COPY --from=build /faasible /usr/local/bin/faasible
USER faasible
WORKDIR /work
ENTRYPOINT ["faasible"]
CMD ["scan"]
