/** Our compose model says what compose says, project by project. */
import assert from "node:assert/strict";
import { compare, names } from "./compare";

/** Why we say something else. A project listed here must differ. */
const knownDifferences: Readonly<Record<string, string>> = {};

describe("compose model beside compose itself", () => {
  for (const name of names()) {
    it(name, () => {
      const disagreement = compare(name);
      const reason = knownDifferences[name];
      if (reason === undefined) assert.equal(disagreement, undefined);
      else assert.notEqual(disagreement, undefined, `agrees by now; known difference: ${reason}`);
    });
  }
});
