import { rule } from "../../engine/index";
import { engineUses } from "../shared/code/container-engines";
import { weightOf } from "../shared/code/weight";

export default rule({
  id: "code/container-runtime-socket",
  kind: "code",
  severity: "warning",
  principle: "isolation",
  summary: "Code that opens the engine which runs the containers",
  why: `The engine asks nobody who they are: a program that reaches its socket can start a privileged container with the host's
disk in it. A flaw in this service, or in any library that it loads, is then root on the machine and on all that runs there. Let a
small program of its own do the few things that are needed behind an API that checks each of them, put a proxy before the socket
that lets only those calls through, or use jobs of the orchestrator.`,
  refs: ["CWE-250", "CIS 5.32"],
  covers: [],
  fix: "none",
  examples: [
    {
      file: "src/server.ts",
      bad: `
        import Docker from "dockerode";

        const docker = new Docker({ socketPath: "«/var/run/docker.sock»" });
        const other = new «Docker»();
        const host = process.env.DOCKER_HOST ?? "«tcp://engine:2375»";
        export { docker, other, host };
        `,
    },
    {
      file: "src/server.ts",
      good: `
        import Docker from "./docker";

        const docker = new Docker();
        const forbiddenMounts = ["/var/run/docker.sock", "/proc"];
        export const check = (path: string) => {
          if (path === "/var/run/docker.sock" || path.endsWith("containerd.sock")) throw new Error("no docker.sock");
          console.log("mounts /var/run/docker.sock");
          return [docker, forbiddenMounts];
        };
        `,
      note: "another class, lists and comparisons that keep it out",
    },
    {
      file: "app/main.py",
      bad: `
        import docker

        client = «docker.from_env»()
        other = docker.DockerClient(base_url="«unix:///var/run/docker.sock»")
        `,
    },
    {
      file: "app/main.py",
      good: `
        from sphinx import docker
        import docker as engine

        client = docker.from_env()
        remote = engine.DockerClient(base_url="ssh://deploy@build.acme.io")
        `,
    },
    {
      file: "main.go",
      bad: `
        package main

        import "github.com/docker/docker/client"

        const runtime = "«/run/containerd/containerd.sock»"

        func open() (*client.Client, error) {
        	return «client.NewClientWithOpts»(client.FromEnv)
        }
        `,
    },
    {
      file: "main.go",
      good: `
        package main

        import "github.com/acme/shop/client"

        func open() (*client.Client, error) {
        	return client.NewClientWithOpts(client.FromEnv)
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      bad: `
        package shop;

        import com.github.dockerjava.api.DockerClient;
        import com.github.dockerjava.core.DockerClientBuilder;

        class Config {
          DockerClient client() {
            return «DockerClientBuilder.getInstance»().build();
          }
        }
        `,
    },
    {
      file: "src/test/java/shop/ConfigTest.java",
      good: `
        package shop;

        import org.testcontainers.containers.GenericContainer;

        class ConfigTest {
          private final GenericContainer<?> redis = new GenericContainer<>("redis:8.4");
        }
        `,
      note: "containers for tests",
    },
    {
      file: "Program.cs",
      bad: `
        using Docker.DotNet;

        var client = new DockerClientConfiguration(new Uri("«npipe://./pipe/docker_engine»")).CreateClient();
        var other = new «DockerClientConfiguration»().CreateClient();
        `,
    },
    {
      file: "Program.cs",
      good: `
        var image = "docker.sock.example";
        var paths = new[] { "/etc/hosts" };
        `,
    },
  ],
  check: {
    mentions: /docker|container|crio|podman|2375/i,
    file(code, report) {
      for (const use of engineUses(code)) {
        report({ start: use.start, end: use.end }, use.what, { severity: weightOf("warning", code, use.guard) });
      }
    },
  },
});
