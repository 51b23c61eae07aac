/** The door of the scaffold: choices and templates in, the files of a new service out. */
export {
  type Choice,
  choices,
  defaultChoices,
  faultOfName,
  longestName,
  type ServiceChoices,
} from "./choices";
export { filesToRead, type NewFile, type ChangedFile, type Plan, planService, type Target } from "./plan";
export type { Templates } from "./template";
