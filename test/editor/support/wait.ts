/** An upper bound for whatever a busy machine makes slow; nothing waits this long when all is well. Milliseconds. */
export const patience = 45_000;

const pause = 50;

/** Asks again and again until there is an answer. Throws what `otherwise` tells when patience has run out. */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | Thenable<T | undefined>,
  otherwise: () => string = () => "",
): Promise<T> {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error(`waited in vain until ${what}. ${otherwise()}`);
}
