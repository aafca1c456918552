// Evaluates FEEL with the library feelin: one JSON line in, one out. Started with the folder of its packages as working folder.
//   {"check": EXPRESSION}                           {} or {"syntax": REASON}
//   {"evaluate": EXPRESSION, "context": {...}}      {"value": V} or {"failure": REASON}; null with {"warning": REASON}
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const packages = createRequire(path.join(process.cwd(), 'package.json'));
const { evaluate } = await import(pathToFileURL(packages.resolve('feelin')).href);

class Asserted extends Error {}

// What the engine's FEEL has beyond the library's; names with words that FEEL reserves count once they are in the context.
const BUILTINS = {
  'is defined': (value) => value !== null && value !== undefined,
  'get or else': (value, otherwise) => value ?? otherwise,
  'assert': (value, holds, cause) => {
    const good = holds === undefined ? value !== null && value !== undefined : holds === true;
    if (!good) throw new Asserted(cause ?? "The condition is not fulfilled");
    return value;
  },
  'from json': (text) => { try { return JSON.parse(text); } catch { return null; } },
  'to json': (value) => JSON.stringify(value),
  'uuid': () => crypto.randomUUID(),
  'random number': () => Math.random(),
  'trim': (text) => text.trim(),
  'is blank': (text) => text.trim() === '',
};

// Values of time have a text of their own in FEEL, and JSON has none for functions.
function plain(value) {
  if (value === null || value === undefined || typeof value === 'function') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plain);
  const kind = Object.getPrototypeOf(value);
  if (kind !== Object.prototype && kind !== null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

function answer({ check, evaluate: expression, context }) {
  if (check !== undefined) {
    try {
      evaluate(check, BUILTINS, 'camunda');
      return {};
    } catch (problem) {
      return problem.name === 'SyntaxError' || problem.constructor.name.endsWith('SyntaxError') ? { syntax: problem.message } : {};
    }
  }
  try {
    const { value, warnings } = evaluate(expression, { ...BUILTINS, ...context }, 'camunda');
    const found = plain(value);
    return found === null && warnings.length > 0 ? { value: null, warning: warnings[0].message } : { value: found };
  } catch (problem) {
    return { failure: problem.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
