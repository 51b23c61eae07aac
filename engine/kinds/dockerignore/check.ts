import type { Context, Report } from "../../rule";
import type { Dockerignore, Pattern } from "./model";

export interface DockerignoreCheck {
  file?(file: Dockerignore, report: Report, context: Context): void;
  pattern?(pattern: Pattern, report: Report, context: Context): void;
}
