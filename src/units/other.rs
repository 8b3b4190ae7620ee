//! Units in languages that are found but not analysed: what their manifests tell.

use super::input::{Draft, Input};
use super::kind::OtherSigns;

const BROWSER: &[&str] = &[
    "react",
    "react-dom",
    "vue",
    "@angular/core",
    "svelte",
    "@sveltejs/kit",
    "preact",
    "solid-js",
    "ember-source",
    "jquery",
    "vite",
    "react-scripts",
    "@vue/cli-service",
    "lit",
    "backbone",
];

const SERVER: &[&str] = &[
    "express",
    "koa",
    "fastify",
    "@nestjs/core",
    "@hapi/hapi",
    "hapi",
    "restify",
    "apollo-server",
    "apollo-server-express",
    "@apollo/server",
    "graphql-yoga",
    "@grpc/grpc-js",
    "grpc",
    "next",
    "nuxt",
    "socket.io",
    "kafkajs",
    "amqplib",
    "moleculer",
    "flask",
    "django",
    "fastapi",
    "starlette",
    "tornado",
    "aiohttp",
    "gunicorn",
    "uvicorn",
    "sanic",
    "bottle",
    "falcon",
    "grpcio",
    "celery",
    "twisted",
    "github.com/gin-gonic/gin",
    "github.com/gorilla/mux",
    "github.com/labstack/echo",
    "github.com/labstack/echo/v4",
    "github.com/go-chi/chi",
    "github.com/go-chi/chi/v5",
    "github.com/gofiber/fiber/v2",
    "google.golang.org/grpc",
    "github.com/hoisie/web",
    "microsoft.net.sdk.web",
    "microsoft.aspnetcore.app",
    "grpc.aspnetcore",
];

const TESTING: &[&str] = &[
    "@playwright/test",
    "playwright",
    "cypress",
    "locust",
    "k6",
    "artillery",
    "nightwatch",
    "testcafe",
    "webdriverio",
    "selenium-webdriver",
];

const INFRASTRUCTURE: &[&str] = &[
    "aws-cdk-lib",
    "aws-cdk",
    "@aws-cdk/core",
    "@pulumi/pulumi",
    "pulumi",
    "cdktf",
    "github.com/aws/aws-cdk-go/awscdk/v2",
];

const LAMBDA: &[&str] = &[
    "aws-lambda",
    "github.com/aws/aws-lambda-go",
    "@vendia/serverless-express",
    "mangum",
    "chalice",
    "amazon.lambda.core",
];

/// Reads the manifests of a unit.
pub(super) fn signs(input: &Input<'_>, draft: &Draft) -> OtherSigns {
    let mut out = OtherSigns::default();
    let mut dependencies: Vec<String> = Vec::new();
    for file in &draft.others {
        let Some(manifest) = input.other(*file) else { continue };
        out.is_any |= Some(*file) == draft.manifest;
        out.runnable |= manifest.runnable;
        out.aggregator |= manifest.aggregator;
        dependencies.extend(manifest.dependencies.iter().map(|d| d.to_ascii_lowercase()));
    }
    if !out.is_any && draft.manifest.is_some() {
        // A package.json beside a pom says nothing about a Java unit; where all sources are others', it is the program.
        let analysed = |l: &str| matches!(l, "java" | "kotlin" | "scala" | "groovy" | "rust");
        if draft.others.is_empty() || draft.languages.is_empty() || draft.languages.iter().any(|(l, _)| analysed(l)) {
            return OtherSigns::default();
        }
        out.is_any = true;
    }
    let find = |names: &[&str]| names.iter().find(|n| dependencies.iter().any(|d| d == **n)).map(ToString::to_string);
    out.browser = find(BROWSER);
    out.server = find(SERVER);
    out.infrastructure = find(INFRASTRUCTURE);
    out.lambda = find(LAMBDA);
    // Front ends and services bring their end-to-end tests along: only what does nothing else is a test.
    out.testing = find(TESTING).filter(|_| out.browser.is_none() && out.server.is_none());
    out
}
