import type { Command } from "../../languages/shell/script";
import type { Context, Report } from "../../rule";
import type { Build } from "./build";
import type { ServiceImage } from "./image";
import type { Mount } from "./mount";
import type { PublishedPort } from "./port";
import type { Program } from "./program";
import type { ComposeProject, Resource } from "./project";
import type { Service } from "./service";
import type { ServiceVariable } from "./variable";

/**
 * What a compose rule may look at: the merged project, whatever file its parts are written in. What is reported at a part
 * belongs to the part's own file; a report made while another file is checked is dropped.
 */
export interface ComposeCheck {
  project?(project: ComposeProject, report: Report, context: Context): void;
  /** Every service, those of profiles that are off included. */
  service?(service: Service, report: Report, context: Context): void;
  image?(image: ServiceImage, service: Service, report: Report, context: Context): void;
  build?(build: Build, service: Service, report: Report, context: Context): void;
  port?(port: PublishedPort, service: Service, report: Report, context: Context): void;
  mount?(mount: Mount, service: Service, report: Report, context: Context): void;
  /** Every variable of `environment` and `env_file`. */
  variable?(variable: ServiceVariable, service: Service, report: Report, context: Context): void;
  /** Command, entrypoint, health test and hooks. */
  program?(program: Program, service: Service, report: Report, context: Context): void;
  /** Every command that they run, those of shells that they start included. */
  command?(command: Command, service: Service, report: Report, context: Context): void;
  network?(network: Resource, project: ComposeProject, report: Report, context: Context): void;
  volume?(volume: Resource, project: ComposeProject, report: Report, context: Context): void;
  secret?(secret: Resource, project: ComposeProject, report: Report, context: Context): void;
  config?(config: Resource, project: ComposeProject, report: Report, context: Context): void;
}
