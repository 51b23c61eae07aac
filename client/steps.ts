/** Questions one after the other, with the way back. */
import { type Disposable, type QuickPickItem, QuickInputButtons, window } from "vscode";

export type Answers = ReadonlyMap<string, string | boolean>;

export interface TextQuestion {
  readonly field: string;
  readonly prompt: string;
  readonly placeHolder: string;
  /** What is wrong with the text as a sentence, with the answers of earlier steps; null where nothing is. */
  fault(text: string, answers: Answers): Promise<string | null>;
}

export interface PickQuestion {
  readonly field: string;
  readonly placeHolder: string;
  /** The first is the default. */
  readonly values: readonly {
    readonly value: string | boolean;
    readonly label: string;
    readonly description: string;
  }[];
}

export type Question = TextQuestion | PickQuestion;

interface Step {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  /** The answer that was given before somebody went back. */
  readonly before: string | boolean | undefined;
  readonly answers: Answers;
}

const back = Symbol("back");

type Reply = string | boolean | typeof back | undefined;

/** Undefined where somebody gives up. */
export async function ask(title: string, questions: readonly Question[]): Promise<Answers | undefined> {
  const answers = new Map<string, string | boolean>();
  let at = 0;
  for (let question = questions[at]; question !== undefined; question = questions[at]) {
    const step: Step = {
      title,
      step: at + 1,
      totalSteps: questions.length,
      before: answers.get(question.field),
      answers,
    };
    const reply = await ("values" in question ? pick(question, step) : type(question, step));
    if (reply === undefined) return undefined;
    if (reply === back) {
      at -= 1;
      continue;
    }
    answers.set(question.field, reply);
    at += 1;
  }
  return answers;
}

function pick(question: PickQuestion, { title, step, totalSteps, before }: Step): Promise<Reply> {
  type Item = QuickPickItem & { readonly value: string | boolean };
  const input = window.createQuickPick<Item>();
  const items: Item[] = question.values.map(({ value, label, description }) => ({ value, label, detail: description }));
  const active = items.filter(({ value }) => value === before);
  input.title = title;
  input.step = step;
  input.totalSteps = totalSteps;
  input.ignoreFocusOut = true;
  input.placeholder = question.placeHolder;
  input.items = items;
  if (active.length > 0) input.activeItems = active;
  return shown(input, step, (reply) => [
    input.onDidAccept(() => {
      const [item] = input.selectedItems;
      if (item !== undefined) reply(item.value);
    }),
  ]);
}

function type(question: TextQuestion, { title, step, totalSteps, before, answers }: Step): Promise<Reply> {
  const input = window.createInputBox();
  input.title = title;
  input.step = step;
  input.totalSteps = totalSteps;
  input.ignoreFocusOut = true;
  input.prompt = question.prompt;
  input.placeholder = question.placeHolder;
  if (typeof before === "string") input.value = before;
  /** Whether the text is good; of two looks at once the one at the newest text counts. */
  const check = async (): Promise<boolean> => {
    const { value } = input;
    const fault = await question.fault(value, answers);
    if (input.value !== value) return false;
    input.validationMessage = fault ?? undefined;
    return fault === null;
  };
  return shown(input, step, (reply) => [
    // An empty box says by its placeholder what it wants.
    input.onDidChangeValue((value) => {
      if (value === "") input.validationMessage = undefined;
      else void check();
    }),
    input.onDidAccept(async () => {
      const { value } = input;
      if (await check()) reply(value);
    }),
  ]);
}

type Input = ReturnType<typeof window.createInputBox> | ReturnType<typeof window.createQuickPick>;

/** `listen` is given what ends the step. */
async function shown(
  input: Input,
  step: number,
  listen: (reply: (value: Reply) => void) => readonly Disposable[],
): Promise<Reply> {
  if (step > 1) input.buttons = [QuickInputButtons.Back];
  let listeners: readonly Disposable[] = [];
  try {
    return await new Promise<Reply>((reply) => {
      listeners = [
        ...listen(reply),
        input.onDidTriggerButton((button) => {
          if (button === QuickInputButtons.Back) reply(back);
        }),
        input.onDidHide(() => reply(undefined)),
      ];
      input.show();
    });
  } finally {
    for (const listener of listeners) listener.dispose();
    input.dispose();
  }
}
