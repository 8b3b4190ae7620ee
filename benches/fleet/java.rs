//! A service in Java: per entity a class of each layer, and what is hostile here and there.

use std::io;

use super::{Dice, Service, Tree, manifests};

/// Fields and methods that do not fit functions, as they stand in real services: `(imports, members)`.
const HOSTILE: &[(&str, &str)] = &[
    (
        "import java.util.Map;\nimport java.util.concurrent.ConcurrentHashMap;\n",
        "    private final Map<Long, Object> recent = new ConcurrentHashMap<>();\n\n    public Object remembered(Long id) {\n        \
         return recent.computeIfAbsent(id, key -> expensive(key));\n    }\n\n    private Object expensive(Long key) {\n        return \"v\" + key;\n    }\n",
    ),
    (
        "import java.util.concurrent.ExecutorService;\nimport java.util.concurrent.Executors;\n",
        "    private final ExecutorService pool = Executors.newFixedThreadPool(8);\n\n    public void later(Runnable work) {\n        pool.submit(work);\n    }\n",
    ),
    (
        "import org.springframework.scheduling.annotation.Scheduled;\n",
        "    @Scheduled(fixedDelay = 30000)\n    public void sweep() {\n        System.out.println(\"sweep\");\n    }\n",
    ),
    (
        "import org.springframework.amqp.rabbit.annotation.RabbitListener;\n",
        "    @RabbitListener(queues = \"changes\")\n    public void changed(String message) {\n        System.out.println(message);\n    }\n",
    ),
    (
        "import java.io.FileWriter;\nimport java.io.IOException;\n",
        "    public void export(String text) throws IOException {\n        try (FileWriter out = new FileWriter(\"/var/data/export.csv\", true)) {\n            \
         out.write(text);\n        }\n    }\n",
    ),
    (
        "import java.util.concurrent.atomic.AtomicLong;\n",
        "    private static final AtomicLong NUMBER = new AtomicLong();\n\n    public long next() {\n        return NUMBER.incrementAndGet();\n    }\n",
    ),
];

pub(super) fn library(tree: &mut Tree<'_>, dice: &mut Dice, team: usize) -> io::Result<()> {
    let dir = format!("team{team}/commons");
    tree.put(&format!("{dir}/pom.xml"), &manifests::library_pom(team))?;
    for n in 0..6 {
        let class = format!("Helper{n}");
        let body = members(dice, 3);
        let package = format!("com.acme.team{team}.commons");
        let path = format!("{dir}/src/main/java/{}/{class}.java", package.replace('.', "/"));
        tree.put(
            &path,
            &class_of(
                &package,
                &class,
                "@Component\n",
                "import org.springframework.stereotype.Component;\n",
                body,
                dice,
            ),
        )?;
    }
    Ok(())
}

pub(super) fn service(tree: &mut Tree<'_>, dice: &mut Dice, service: &Service) -> io::Result<()> {
    let dir = service.dir();
    let package = format!("com.acme.s{}", service.ix);
    let main = format!("{dir}/src/main/java/{}", package.replace('.', "/"));
    tree.put(&format!("{dir}/pom.xml"), &manifests::service_pom(service, dice))?;
    tree.put(&format!("{dir}/Dockerfile"), &manifests::dockerfile(service))?;
    tree.put(&format!("{dir}/src/main/resources/application.yml"), &manifests::settings(service, dice))?;
    tree.put(&format!("{main}/Application.java"), &application(&package, service))?;
    tree.put(&format!("{main}/PeerClient.java"), &client(&package, &service.asks()))?;
    // Most services are tame, some are not.
    let wild = if dice.one_in(3) { 3 } else { 40 };
    for n in 0..2 + dice.below(5) {
        entity(tree, dice, &package, &main, n, wild)?;
        let test = main.replace("/src/main/", "/src/test/");
        tree.put(&format!("{test}/Thing{n}ServiceTest.java"), &test_of(&package, n))?;
    }
    Ok(())
}

fn application(package: &str, service: &Service) -> String {
    format!(
        "package {package};\n\nimport org.springframework.boot.SpringApplication;\nimport org.springframework.boot.autoconfigure.SpringBootApplication;\n\
         import org.springframework.cloud.openfeign.EnableFeignClients;\nimport org.springframework.scheduling.annotation.EnableScheduling;\n\n\
         @SpringBootApplication(scanBasePackages = {{\"{package}\", \"com.acme.team{}.commons\"}})\n@EnableFeignClients\n@EnableScheduling\npublic class Application {{\n    \
         public static void main(String[] args) {{\n        SpringApplication.run(Application.class, args);\n    }}\n}}\n",
        service.team
    )
}

fn client(package: &str, peer: &str) -> String {
    format!(
        "package {package};\n\nimport org.springframework.cloud.openfeign.FeignClient;\nimport org.springframework.web.bind.annotation.GetMapping;\n\
         import org.springframework.web.bind.annotation.PathVariable;\n\n@FeignClient(name = \"{peer}\")\npublic interface PeerClient {{\n    \
         @GetMapping(\"/things/{{id}}\")\n    String thing(@PathVariable(\"id\") Long id);\n}}\n"
    )
}

fn entity(tree: &mut Tree<'_>, dice: &mut Dice, package: &str, main: &str, n: usize, wild: usize) -> io::Result<()> {
    let thing = format!("Thing{n}");
    tree.put(&format!("{main}/{thing}.java"), &model(package, &thing, dice))?;
    tree.put(
        &format!("{main}/{thing}Repository.java"),
        &format!(
            "package {package};\n\nimport java.util.List;\nimport org.springframework.data.jpa.repository.JpaRepository;\n\n\
             public interface {thing}Repository extends JpaRepository<{thing}, Long> {{\n    List<{thing}> findByName(String name);\n}}\n"
        ),
    )?;
    let hostile = members(dice, wild);
    let body = (
        hostile.0 + "import java.util.List;\nimport java.util.Optional;\n",
        format!(
            "    private final {thing}Repository repository;\n    private final PeerClient peers;\n\n    public {thing}Service({thing}Repository repository, PeerClient peers) {{\n        \
             this.repository = repository;\n        this.peers = peers;\n    }}\n\n    public List<{thing}> named(String name) {{\n        return repository.findByName(name);\n    }}\n\n    \
             public Optional<{thing}> find(Long id) {{\n        return repository.findById(id);\n    }}\n\n    public {thing} save({thing} thing) {{\n        \
             if (thing.getName() == null) {{\n            thing.setName(peers.thing(thing.getId()));\n        }}\n        return repository.save(thing);\n    }}\n\n{}",
            hostile.1
        ),
    );
    let service = format!("{thing}Service");
    tree.put(
        &format!("{main}/{service}.java"),
        &class_of(package, &service, "@Service\n", "import org.springframework.stereotype.Service;\n", body, dice),
    )?;
    tree.put(&format!("{main}/{thing}Controller.java"), &controller(package, &thing, n))
}

fn controller(package: &str, thing: &str, n: usize) -> String {
    format!(
        "package {package};\n\nimport java.util.List;\nimport org.springframework.http.ResponseEntity;\nimport org.springframework.web.bind.annotation.GetMapping;\n\
         import org.springframework.web.bind.annotation.PathVariable;\nimport org.springframework.web.bind.annotation.PostMapping;\n\
         import org.springframework.web.bind.annotation.RequestBody;\nimport org.springframework.web.bind.annotation.RequestMapping;\n\
         import org.springframework.web.bind.annotation.RequestParam;\nimport org.springframework.web.bind.annotation.RestController;\n\n\
         @RestController\n@RequestMapping(\"/things{n}\")\npublic class {thing}Controller {{\n    private final {thing}Service service;\n\n    \
         public {thing}Controller({thing}Service service) {{\n        this.service = service;\n    }}\n\n    @GetMapping(\"/{{id}}\")\n    \
         public ResponseEntity<{thing}> find(@PathVariable Long id) {{\n        return service.find(id).map(ResponseEntity::ok).orElseGet(() -> ResponseEntity.notFound().build());\n    }}\n\n    \
         @GetMapping\n    public List<{thing}> named(@RequestParam String name) {{\n        return service.named(name);\n    }}\n\n    @PostMapping\n    \
         public {thing} save(@RequestBody {thing} thing) {{\n        return service.save(thing);\n    }}\n}}\n"
    )
}

fn model(package: &str, thing: &str, dice: &mut Dice) -> String {
    let (mut fields, mut access) = (String::new(), String::new());
    let mut field = |kind: &str, name: &str| {
        let big = name[..1].to_uppercase() + &name[1..];
        fields += &format!("    private {kind} {name};\n");
        access += &format!(
            "\n    public {kind} get{big}() {{\n        return {name};\n    }}\n\n    public void set{big}({kind} {name}) {{\n        this.{name} = {name};\n    }}\n"
        );
    };
    field("String", "name");
    for n in 0..2 + dice.below(8) {
        field(dice.pick(&["String", "Integer", "Long", "Boolean", "java.time.Instant"]), &format!("field{n}"));
    }
    format!(
        "package {package};\n\nimport jakarta.persistence.Entity;\nimport jakarta.persistence.GeneratedValue;\nimport jakarta.persistence.Id;\n\n\
         @Entity\npublic class {thing} {{\n    @Id\n    @GeneratedValue\n    private Long id;\n{fields}\n    public Long getId() {{\n        return id;\n    }}\n{access}}}\n"
    )
}

/// Imports and members of a class: hostile ones in one of so many.
fn members(dice: &mut Dice, one_in: usize) -> (String, String) {
    if !dice.one_in(one_in) {
        return (String::new(), String::new());
    }
    let (imports, members) = HOSTILE[dice.below(HOSTILE.len())];
    (imports.to_owned(), members.to_owned())
}

/// A class with its members and some arithmetic, so that its length is that of real ones.
fn class_of(
    package: &str,
    name: &str,
    annotation: &str,
    import: &str,
    (imports, members): (String, String),
    dice: &mut Dice,
) -> String {
    let mut methods = String::new();
    for n in 0..1 + dice.below(5) {
        let step = 2 + dice.below(20);
        methods += &format!(
            "\n    /** Weighs the parts of {n}. */\n    public long weigh{n}(long amount, int parts) {{\n        long sum = 0;\n        \
             for (int part = 0; part < parts; part++) {{\n            if (amount % (part + 1) == 0) {{\n                sum += amount / (part + 1) * {step};\n            \
             }} else if (amount > {step}L && part < {step}) {{\n                sum -= part;\n            }} else {{\n                sum = Math.max(sum, amount);\n            }}\n        }}\n        \
             return sum;\n    }}\n"
        );
    }
    format!("package {package};\n\n{imports}{import}\n{annotation}public class {name} {{\n{members}{methods}}}\n")
}

fn test_of(package: &str, n: usize) -> String {
    format!(
        "package {package};\n\nimport org.junit.jupiter.api.Test;\n\nclass Thing{n}ServiceTest {{\n    @Test\n    void weighs() throws Exception {{\n        \
         Thread worker = new Thread(() -> {{}});\n        worker.start();\n        worker.join();\n    }}\n}}\n"
    )
}
