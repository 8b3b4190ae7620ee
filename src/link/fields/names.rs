//! Types that hold state, and the methods that change or read it.

pub(super) const MAPS: &[&str] = &[
    "java.util.Map",
    "com.google.common.collect.Multimap",
    "com.google.common.collect.Table",
    "com.google.common.cache.Cache",
    "com.github.benmanes.caffeine.cache.Cache",
];

/// Types that hold many things.
pub(super) const COLLECTIONS: &[&str] = &[
    "java.util.Collection",
    "java.util.Map",
    "com.google.common.collect.Multimap",
    "com.google.common.collect.Table",
    "com.google.common.collect.Multiset",
    "com.google.common.cache.Cache",
    "com.github.benmanes.caffeine.cache.Cache",
];

pub(super) const QUEUES: &[&str] = &["java.util.Queue"];

pub(super) const MUTATORS: &[&str] = &[
    "put",
    "putAll",
    "putIfAbsent",
    "remove",
    "removeAll",
    "removeIf",
    "retainAll",
    "clear",
    "add",
    "addAll",
    "addFirst",
    "addLast",
    "push",
    "pop",
    "offer",
    "offerFirst",
    "offerLast",
    "poll",
    "pollFirst",
    "pollLast",
    "take",
    "drainTo",
    "compute",
    "computeIfAbsent",
    "computeIfPresent",
    "merge",
    "replace",
    "replaceAll",
    "set",
    "lazySet",
    "getAndSet",
    "compareAndSet",
    "incrementAndGet",
    "decrementAndGet",
    "getAndIncrement",
    "getAndDecrement",
    "addAndGet",
    "getAndAdd",
    "updateAndGet",
    "getAndUpdate",
    "accumulateAndGet",
    "getAndAccumulate",
    "increment",
    "decrement",
    "accumulate",
    "reset",
    "insertElementAt",
    "addElement",
    "removeElement",
    "setElementAt",
    "append",
    "insert",
    "deleteCharAt",
    "setLength",
    "setProperty",
    "invalidate",
    "invalidateAll",
    "removeFirst",
    "removeLast",
    "sort",
    "enqueue",
];

pub(super) const MUTABLE: &[&str] = &[
    "java.util.Collection",
    "java.util.Map",
    "java.util.concurrent.atomic.AtomicInteger",
    "java.util.concurrent.atomic.AtomicLong",
    "java.util.concurrent.atomic.AtomicBoolean",
    "java.util.concurrent.atomic.AtomicReference",
    "java.util.concurrent.atomic.AtomicIntegerArray",
    "java.util.concurrent.atomic.AtomicLongArray",
    "java.util.concurrent.atomic.LongAdder",
    "java.util.concurrent.atomic.LongAccumulator",
    "java.util.concurrent.atomic.DoubleAdder",
    "java.lang.StringBuilder",
    "java.lang.StringBuffer",
    "java.util.BitSet",
    "com.google.common.collect.Multimap",
    "com.google.common.collect.Table",
    "com.google.common.cache.Cache",
    "com.github.benmanes.caffeine.cache.Cache",
    "com.google.common.collect.Multiset",
    "com.google.common.util.concurrent.AtomicLongMap",
];

/// Methods of a class that is as good as the collection it holds.
pub(super) const WRAPPED: &[&str] = &["put", "add", "remove", "offer"];

pub(super) const READERS: &[&str] =
    &["get", "getIfPresent", "getOrDefault", "containsKey", "contains", "getAllPresent", "getAll", "asMap"];

/// How methods are called that end an object's life.
pub(super) const TEAR_DOWN: &[&str] = &[
    "destroy",
    "contextDestroyed",
    "close",
    "shutdown",
    "stop",
    "unset",
    "dispose",
    "tearDown",
    "cleanup",
    "cleanUp",
    "release",
    "deactivate",
    "undeploy",
    "unbind",
];

/// How methods are called that begin it.
pub(super) const START_UP: &[&str] = &[
    "start",
    "doStart",
    "init",
    "contextInitialized",
    "doInit",
    "open",
    "connect",
    "setUp",
    "setup",
    "activate",
    "afterPropertiesSet",
    "bind",
    "enable",
    "startup",
    "launch",
];

/// How the methods are called that a container calls when the program begins.
pub(super) const BEGINNINGS: &[&str] =
    &["onStartup", "afterPropertiesSet", "afterSingletonsInstantiated", "contextInitialized"];

/// Endings of types whose objects a program registers with itself.
pub(super) const PLUGGED: &[&str] = &[
    "Listener",
    "Handler",
    "Observer",
    "Interceptor",
    "Hook",
    "Plugin",
    "Provider",
    "Factory",
    "Strategy",
    "Processor",
    "Filter",
    "Customizer",
    "Converter",
    "Resolver",
    "Validator",
    "Serializer",
];

/// Endings of types whose objects are kept to be used again.
pub(super) const CLIENTS: &[&str] = &[
    "Client",
    "Template",
    "Channel",
    "Pool",
    "DataSource",
    "ClassLoader",
    "Executor",
    "MQProducer",
    "KafkaProducer",
    "MQPullConsumer",
    "MQPushConsumer",
    "EmbeddingStore",
    "VectorStore",
    "EntityManagerFactory",
    "SessionFactory",
    "ConnectionFactory",
];

/// Methods that end what an object holds.
pub(super) const ENDS: &[&str] = &["close", "shutdown", "destroy", "disconnect", "dispose", "free"];

/// Objects of the running process, whatever they are kept for.
pub(super) const LIVE: &[&str] = &[
    "java.util.concurrent.ScheduledFuture",
    "reactor.core.Disposable",
    "io.reactivex.disposables.Disposable",
    "io.reactivex.rxjava3.disposables.Disposable",
    "io.micrometer.core.instrument.Meter.Id",
    "java.lang.Thread",
    "java.lang.ClassLoader",
    "java.nio.channels.SelectionKey",
    "java.sql.Connection",
    "javax.servlet.Servlet",
    "javax.servlet.Filter",
    "javax.servlet.http.HttpServlet",
    "jakarta.servlet.Servlet",
    "jakarta.servlet.Filter",
    "jakarta.servlet.http.HttpServlet",
    "org.springframework.aop.Advisor",
    "org.aopalliance.aop.Advice",
    // Its limit is told where it is made.
    "com.google.common.util.concurrent.RateLimiter",
];

/// What is kept only to be called, beside `java.util.function`.
pub(super) const CALLED_BACK: &[&str] = &[
    "java.lang.Runnable",
    "java.lang.AutoCloseable",
    "java.io.Closeable",
    "reactor.core.Disposable",
    "io.reactivex.disposables.Disposable",
    "io.reactivex.rxjava3.disposables.Disposable",
];

/// Caches of libraries.
pub(super) const CACHES: &[&str] = &["com.google.common.cache.Cache", "com.github.benmanes.caffeine.cache.Cache"];
