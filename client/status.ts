import { type Disposable, languages, LanguageStatusSeverity } from "vscode";
import { type BaseLanguageClient, State } from "vscode-languageclient";
import { methods, type Status } from "../server/protocol";
import { documentSelector, type Place } from "./selector";

/** Shows how the server is, beside the language of a file that it looks at. */
export function showStatus(client: BaseLanguageClient, place: Place): Disposable[] {
  const item = languages.createLanguageStatusItem("bulkhead.status", documentSelector(place));
  item.name = "Bulkhead";
  item.text = "Bulkhead";
  item.command = { title: "Show output", command: "bulkhead.showOutput" };

  const show = (state: State): void => {
    item.busy = state === State.Starting;
    const stopped = state === State.Stopped;
    item.severity = stopped ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
    item.detail = stopped ? "The server is not running" : state === State.Starting ? "Starting" : "Ready";
  };
  show(State.Starting);
  return [
    item,
    client.onDidChangeState(({ newState }) => show(newState)),
    client.onNotification(methods.status, ({ busy }: Status) => {
      item.busy = busy;
      item.detail = busy ? "Looking through the workspace" : "Ready";
    }),
  ];
}
