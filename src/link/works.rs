//! Small questions about code: does a method do real work, is it test code, what is a field's type.

use super::Linked;
use super::types::Sym;
use crate::facts::code::{CallableIx, ExprKind, FieldIx, LoopForm, Mods};
use crate::source::FileIx;
use crate::text::Name;

/// Types whose calls reach disks, networks, stores or threads.
const WORKERS: &[&str] = &[
    "java.io.*Stream",
    "java.io.*Writer",
    "java.io.*Reader",
    "java.io.File",
    "java.io.RandomAccessFile",
    "java.nio.file.Files",
    "java.nio.channels.*",
    "java.net.*",
    "java.sql.*",
    "javax.sql.*",
    "*Repository",
    "*Mapper",
    "*Dao",
    "*RestTemplate",
    "*RestOperations",
    "*WebClient*",
    "*JdbcTemplate",
    "*MongoTemplate",
    "*RedisTemplate",
    "*ElasticsearchTemplate",
    "*KafkaTemplate",
    "*EntityManager",
    "*Session",
    "*FeignClient",
    "*HttpClient*",
    "java.util.concurrent.*Executor*",
    "java.lang.Thread",
    "java.util.Timer",
    "org.apache.http.*",
    "okhttp3.*",
    "io.grpc.*",
    "*RedissonClient",
    "*Client",
    "org.springframework.jdbc.*",
    "org.springframework.data.*",
    "org.springframework.amqp.*",
    "org.springframework.kafka.*",
    "org.hibernate.*",
    "*StringRedisTemplate",
    "*ServiceLoader",
    "*ObjectStorage*",
    "*S3Client",
    "*AmazonS3",
    "*MongoClient",
    "*VectorStore",
    "*Consumer",
    "*Producer",
];

impl Linked<'_> {
    /// Does the callable, or what it calls within three levels, do more than assign? Calls that do
    /// input or output, start threads or reach other services; loops that never end.
    pub fn works(&self, file: FileIx, callable: CallableIx) -> bool {
        self.works_within(file, callable, 0, &mut Vec::new())
    }

    fn works_within(
        &self,
        file: FileIx,
        callable: CallableIx,
        depth: u8,
        seen: &mut Vec<(FileIx, CallableIx)>,
    ) -> bool {
        if depth > 3 || seen.contains(&(file, callable)) || seen.len() > 200 {
            return false;
        }
        seen.push((file, callable));
        let Some(facts) = self.facts(file) else { return false };
        let body = facts[callable].body;
        let endless = |l: &crate::facts::code::Loop| l.endless && l.form != LoopForm::ForEach && body.contains(l.span);
        if facts.loops.iter().any(endless) {
            return true;
        }
        for (i, e) in facts.exprs.iter().enumerate() {
            if !body.contains(e.span)
                || !matches!(e.kind, ExprKind::Call { .. } | ExprKind::New { .. } | ExprKind::MethodRef { .. })
            {
                continue;
            }
            let callee = self.callee(file, crate::facts::code::ExprIx(i as u32));
            if let Some(owner) = callee.owner
                && self.is_worker(owner)
            {
                return true;
            }
            if let Some((id, target)) = callee.target
                && self.works_within(self.types[id].file, target, depth + 1, seen)
            {
                return true;
            }
        }
        false
    }

    fn is_worker(&self, owner: Sym) -> bool {
        self.types.closure(self.catalog, owner).iter().any(|s| {
            let name = self.types.name(*s);
            WORKERS.iter().any(|w| super::glob(w, &name))
        })
    }

    /// Rust code under `#[test]` or `#[cfg(test)]`.
    pub fn in_test(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let mut at = Some(callable);
        for _ in 0..128 {
            let Some(ix) = at else { return false };
            let c = &facts[ix];
            if c.mods.has(Mods::TEST) || c.owner.is_some_and(|o| facts[o].mods.has(Mods::TEST)) {
                return true;
            }
            at = c.outer;
        }
        false
    }

    /// Does the field's type, or a supertype (Java) or part (Rust) of it, satisfy `fits`?
    pub fn field_type_is(&self, file: FileIx, field: FieldIx, fits: impl Fn(&str) -> bool) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let decl = &facts[field];
        if self.is_java(file) {
            // Primitives are asked for by their own name.
            let Some(sym) = self.resolve_name(file, decl.owner, decl.ty.name) else { return fits(&decl.ty.name) };
            return self.types.closure(self.catalog, sym).iter().any(|s| fits(&self.types.name(*s)));
        }
        self.rust_field_types(file, field).into_iter().any(|n: Name| fits(&n))
    }
}
