/** The files that `env_file` names, and what comes out of them. */
import { type Datum, Setting, type Service, type ServiceVariable } from "../../../engine/index";

/** The paths of `env_file`, in either spelling. */
export function envFilesOf(service: Service): readonly Setting[] {
  const path = [...service.path, "env_file"];
  const datum = service.get("env_file");
  const items = datum?.kind === "sequence" ? datum.items : datum === undefined ? [] : [datum];
  return items.flatMap((item, i) => {
    const text = pathIn(item);
    return text?.kind === "scalar" && text.type !== "null" ? [new Setting(text, [...path, String(i)])] : [];
  });
}

const pathIn = (item: Datum): Datum | undefined => (item.kind === "mapping" ? item.get("path") : item);

/** The variables that a service gets out of one of its files, as far as `environment` does not take their place. */
export const variablesFrom = (service: Service, file: string): readonly ServiceVariable[] =>
  service.environment.filter((v) => v.isFromFile && v.source.file === file);

/** Where the compose file says the variable: at its value, or at the name of the file that it comes from. */
export function writtenBy(variable: ServiceVariable, service: Service): Setting | undefined {
  if (!variable.isFromFile) return variable.value;
  return envFilesOf(service).find((f) => f.scalar.path === variable.source.file);
}
