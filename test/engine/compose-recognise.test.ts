import assert from "node:assert/strict";
import { isCompose } from "../../engine/kinds/compose/recognise";

const stack = "version: '3'\nservices:\n  web:\n    image: nginx\n    deploy:\n      replicas: 2\n";

describe("compose files by name and content", () => {
  for (const name of [
    "compose.yaml",
    "compose.override.yml",
    "docker-compose.yml",
    "docker-compose.prod.yaml",
    "docker-compose-dev.yml",
    "a/b/compose.ci.yaml",
  ]) {
    it(name, () => assert.equal(isCompose(name, "half typ"), true));
  }
  it("a stack file by its keys", () => assert.equal(isCompose("swarm/stack.yml", stack), true));
  it("fragments with anchors", () =>
    assert.equal(
      isCompose("dev.yml", "x-a: &a\n  user: '1'\nservices:\n  web: \n    <<: *a\n    image: a\n  db: *a\n"),
      true,
    ));

  const friends: Readonly<Record<string, readonly [file: string, text: string]>> = {
    "workflow with services": [
      ".github/workflows/compose.yml",
      "on: push\njobs:\n  test:\n    services:\n      db:\n        image: postgres:18\n",
    ],
    "Home Assistant": ["services.yaml", "turn_on:\n  description: x\n  fields:\n    a:\n      example: 1\n"],
    Symfony: [
      "config/services.yaml",
      "services:\n  _defaults:\n    autowire: true\n  App\\:\n    resource: '../src/'\n",
    ],
    Drupal: ["my.services.yml", "services:\n  my.thing:\n    class: Drupal\\my\\Thing\n    arguments: ['@a']\n"],
    "GitLab CI": [".gitlab-ci.yml", "image: node\nservices:\n  - postgres:18\ntest:\n  script: [a]\n"],
    Travis: [".travis.yml", "language: php\nservices:\n  - mysql\n"],
    Kubernetes: ["compose.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n"],
    catalogue: ["services.yaml", "services:\n  orders:\n    owner: team-a\n    image: logo.png\n"],
    OpenAPI: ["api.yaml", "openapi: 3.1.0\npaths: {}\nservices:\n  a:\n    image: b\n"],
    "Helm values": ["values.yaml", "services:\n  web:\n    image: a\n"],
    Render: ["render.yaml", "services:\n  - type: web\n    image: a\n"],
    "plain list of addresses": ["hosts.yaml", "services:\n  web: http://a\n"],
  };
  for (const [what, [file, text]] of Object.entries(friends)) {
    it(`not: ${what}`, () => assert.equal(isCompose(file, text), false));
  }
});
