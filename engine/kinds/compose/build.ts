/** How the image of a service is built. */
import { join } from "../../text/path";
import { YamlSource, type Mapping } from "./datum";
import { assignmentsOf } from "./environment";
import { isOpen, Part, settingAt, settingsAt, type Setting } from "./part";
import { isRemoteContext } from "./paths";
import { variablesAt, type ServiceVariable } from "./variable";

export class Build extends Part {
  constructor(
    readonly mapping: Mapping,
    path: readonly string[],
  ) {
    super(mapping, path);
  }

  get context(): Setting | undefined {
    return this.setting("context");
  }

  /** The context is fetched from elsewhere. */
  get isRemote(): boolean {
    return this.context !== undefined && isRemoteContext(this.context.scalar.text);
  }

  /** The folder of the project that is the context; undefined where it is remote or not known. */
  get folder(): string | undefined {
    const { context } = this;
    return context === undefined || this.isRemote || !context.value.known ? undefined : context.scalar.path;
  }

  get dockerfile(): Setting | undefined {
    return this.setting("dockerfile");
  }

  /** The file that is built; undefined where it is inline, remote or not known. */
  get dockerfilePath(): string | undefined {
    const { dockerfile, folder } = this;
    if (dockerfile === undefined || folder === undefined || !dockerfile.value.known) return undefined;
    const { text } = dockerfile.scalar;
    if (/^(?:https?|git|ssh):\/\//.test(text)) return undefined;
    return text.startsWith("/") ? text : join(folder, text);
  }

  /** The instructions themselves. */
  get inline(): Setting | undefined {
    return this.setting("dockerfile_inline");
  }

  /** The stage that is shipped; the last where left out. */
  get target(): Setting | undefined {
    return this.setting("target");
  }

  get network(): Setting | undefined {
    return this.setting("network");
  }

  get privileged(): Setting | undefined {
    return this.setting("privileged");
  }

  get entitlements(): readonly Setting[] {
    return settingsAt(this.mapping.get("entitlements"), [...this.path, "entitlements"]);
  }

  get args(): readonly ServiceVariable[] {
    return variablesAt(assignmentsOf(this.mapping.get("args")), [...this.path, "args"]);
  }

  get additionalContexts(): readonly ServiceVariable[] {
    return variablesAt(assignmentsOf(this.mapping.get("additional_contexts")), [...this.path, "additional_contexts"]);
  }

  /** The names of the secrets that build steps may mount. */
  get secrets(): readonly string[] {
    const datum = this.mapping.get("secrets");
    const items = datum?.kind === "sequence" ? datum.items : [];
    return items.flatMap((i) => (i.kind === "mapping" ? (settingAt(i.get("source"), [])?.scalar.text ?? []) : []));
  }

  /** Parts of it cannot be seen. */
  get isOpen(): boolean {
    return isOpen(this.mapping);
  }

  /** Written as `build: folder`. */
  get isShort(): boolean {
    return this.source instanceof YamlSource && this.source.node.kind === "scalar";
  }

  private setting(key: string): Setting | undefined {
    return settingAt(this.mapping.get(key), [...this.path, key]);
  }
}
