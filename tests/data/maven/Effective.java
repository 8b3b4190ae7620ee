import java.io.File;
import java.nio.file.*;
import java.util.*;
import org.apache.maven.model.*;
import org.apache.maven.model.building.*;
import org.apache.maven.model.resolution.*;
import org.apache.maven.repository.internal.MavenRepositorySystemUtils;
import org.eclipse.aether.*;
import org.eclipse.aether.artifact.*;
import org.eclipse.aether.collection.*;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.impl.DefaultServiceLocator;
import org.eclipse.aether.repository.*;
import org.eclipse.aether.resolution.*;

/** Prints for each module what Maven itself makes of its dependencies: effective model, then the resolved class path. */
public class Effective {
    static Map<String, File> poms = new TreeMap<>();
    public static void main(String[] a) throws Exception {
        File root = new File(a[0]);
        try (var s = Files.walk(root.toPath())) {
            for (Path p : (Iterable<Path>) s.filter(x -> x.endsWith("pom.xml"))::iterator) {
                Model m = new org.apache.maven.model.io.xpp3.MavenXpp3Reader().read(Files.newBufferedReader(p));
                String g = m.getGroupId() != null ? m.getGroupId() : m.getParent().getGroupId();
                String v = m.getVersion() != null ? m.getVersion() : m.getParent().getVersion();
                poms.put(g + ":" + m.getArtifactId() + ":" + v, p.toFile());
            }
        }
        DefaultServiceLocator locator = MavenRepositorySystemUtils.newServiceLocator();
        RepositorySystem system = locator.getService(RepositorySystem.class);
        Map<String, Model> models = new LinkedHashMap<>();
        for (File f : new TreeSet<>(poms.values())) {
            DefaultModelBuildingRequest r = new DefaultModelBuildingRequest();
            r.setPomFile(f); r.setSystemProperties(System.getProperties());
            r.setModelResolver(new Tree()); r.setValidationLevel(ModelBuildingRequest.VALIDATION_LEVEL_MINIMAL);
            Model m = new DefaultModelBuilderFactory().newInstance().build(r).getEffectiveModel();
            models.put(m.getGroupId() + ":" + m.getArtifactId(), m);
            StringBuilder b = new StringBuilder();
            for (Dependency d : m.getDependencies()) b.append(" ").append(d.getGroupId()+":"+d.getArtifactId()+":"+d.getVersion()+":"+d.getScope()+(d.isOptional()?":optional":""));
            System.out.println("model " + root.toPath().relativize(f.getParentFile().toPath()) + b);
        }
        // Install all, the outside ones as leaves, and collect.
        Path local = Files.createTempDirectory("m2");
        for (Model m : models.values()) {
            install(local, m.getGroupId(), m.getArtifactId(), m.getVersion(), write(m));
            for (Dependency d : m.getDependencies())
                if (!models.containsKey(d.getGroupId() + ":" + d.getArtifactId()))
                    install(local, d.getGroupId(), d.getArtifactId(), d.getVersion(), "<project><modelVersion>4.0.0</modelVersion><groupId>"+d.getGroupId()+"</groupId><artifactId>"+d.getArtifactId()+"</artifactId><version>"+d.getVersion()+"</version></project>");
        }
        for (var e : models.entrySet()) {
            Model m = e.getValue();
            DefaultRepositorySystemSession session = MavenRepositorySystemUtils.newSession();
            session.setLocalRepositoryManager(system.newLocalRepositoryManager(session, new LocalRepository(local.toFile())));
            session.setOffline(true);
            CollectRequest c = new CollectRequest();
            c.setRootArtifact(new DefaultArtifact(m.getGroupId(), m.getArtifactId(), "jar", m.getVersion()));
            for (Dependency d : m.getDependencies()) c.addDependency(conv(d));
            if (m.getDependencyManagement() != null) for (Dependency d : m.getDependencyManagement().getDependencies()) c.addManagedDependency(conv(d));
            TreeSet<String> out = new TreeSet<>();
            walk(system.collectDependencies(session, c).getRoot(), out, models);
            System.out.println("path " + m.getArtifactId() + " " + String.join(" ", out));
        }
    }
    static org.eclipse.aether.graph.Dependency conv(Dependency d) {
        List<org.eclipse.aether.graph.Exclusion> ex = new ArrayList<>();
        for (Exclusion x : d.getExclusions()) ex.add(new org.eclipse.aether.graph.Exclusion(x.getGroupId(), x.getArtifactId(), "*", "*"));
        return new org.eclipse.aether.graph.Dependency(new DefaultArtifact(d.getGroupId(), d.getArtifactId(), "jar", d.getVersion()), d.getScope(), d.isOptional(), ex);
    }
    static void walk(DependencyNode n, Set<String> out, Map<String, Model> ours) {
        for (DependencyNode c : n.getChildren()) {
            String k = c.getArtifact().getGroupId() + ":" + c.getArtifact().getArtifactId();
            String s = c.getDependency().getScope();
            if (s.equals("compile") || s.equals("runtime") || s.isEmpty()) { if (!ours.containsKey(k)) out.add(k + "@" + c.getArtifact().getVersion()); walk(c, out, ours); }
        }
    }
    static String write(Model m) throws Exception { Model c = m.clone(); c.setParent(null); c.setBuild(null); c.setProfiles(new ArrayList<>()); c.setReporting(null);
        var w = new java.io.StringWriter(); new org.apache.maven.model.io.xpp3.MavenXpp3Writer().write(w, c); return w.toString(); }
    static void install(Path local, String g, String a, String v, String pom) throws Exception {
        Path d = local.resolve(g.replace('.', '/')).resolve(a).resolve(v); Files.createDirectories(d);
        Files.writeString(d.resolve(a + "-" + v + ".pom"), pom); Files.writeString(d.resolve(a + "-" + v + ".jar"), "");
    }
    static class Tree implements ModelResolver {
        public ModelSource2 resolveModel(String g, String a, String v) throws UnresolvableModelException {
            File f = poms.get(g + ":" + a + ":" + v);
            if (f == null) throw new UnresolvableModelException("none", g, a, v);
            return new FileModelSource(f);
        }
        public ModelSource2 resolveModel(Parent p) throws UnresolvableModelException { return resolveModel(p.getGroupId(), p.getArtifactId(), p.getVersion()); }
        public ModelSource2 resolveModel(Dependency d) throws UnresolvableModelException { return resolveModel(d.getGroupId(), d.getArtifactId(), d.getVersion()); }
        public void addRepository(Repository r) {} public void addRepository(Repository r, boolean x) {}
        public ModelResolver newCopy() { return this; }
    }
}
