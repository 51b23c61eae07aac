/** What compose projects say of the stages that they ship. */
import type { BuiltService, Context, Related, Stage } from "../../engine/index";

/** The services that ship the stage, or may; those that only serve development left out. */
export function servicesOf(stage: Stage, { file, project }: Context): readonly BuiltService[] {
  const { stages } = stage.file;
  return project.builds(file).filter(({ isDevelopment, target }) => {
    if (isDevelopment) return false;
    if (target === undefined) return stage === stages.at(-1);
    return target.value === undefined || stage.file.stageNamed(target.value, stages.length) === stage;
  });
}

/** Where a service stands, as a place beside a finding. */
export const placeOf = ({ file, span }: BuiltService, note: string): Related => ({ file, span, note });

/** Services that publish a port of the stage's image. */
export const publishing = (stage: Stage, port: number, context: Context): readonly Related[] =>
  servicesOf(stage, context)
    .filter((service) => service.publishes.includes(port))
    .map((service) => placeOf(service, `${service.name} publishes it`));
