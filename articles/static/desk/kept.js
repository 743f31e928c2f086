// What was typed and is not saved yet, kept in this browser: by person and story, for thirty days at most.

const PREFIX = "desk-kept";
const DAYS = 30;
const MOST = 40; // texts of one person, and as many unsent comments
const COMMENT = "comment:"; // before the name of a story: what was about to be said of it (comments.js)

/** What a form says, without what is about the form itself. */
export function snapshot(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || /^(csrfmiddlewaretoken|seen|begun|tab|_.*|merge_.*|pick-.*|initial-.*)$/.test(name)) continue;
    if (/^credits-(__prefix__|\d+-(id|article)$)/.test(name) || /^credits-(INITIAL|MIN|MAX)/.test(name)) continue;
    values[name] = value.replace(/\r\n?/g, "\n");
  }
  return values;
}

export function same(one, other) {
  const names = new Set([...Object.keys(one), ...Object.keys(other)].filter((name) => name !== "credits-TOTAL_FORMS"));
  return [...names].every((name) => (one[name] ?? "") === (other[name] ?? ""));
}

/** Whether both say the same words, however the server has tidied them. */
export function alike(one, other) {
  const bare = (text) => (text ?? "").replace(/<[^>]*>|&\w+;|[\s,，、]/g, "");
  const names = Object.keys(one).filter((name) => !name.startsWith("credits-"));
  return names.every((name) => bare(one[name]) === bare(other[name]));
}

export class Shelf {
  constructor(user) {
    this.prefix = `${PREFIX}:${user}:`;
  }

  /** Keeps it; false where the browser does not let us. */
  put(story, entry) {
    try {
      localStorage.setItem(this.prefix + story, JSON.stringify({ ...entry, at: Date.now() }));
      return true;
    } catch {
      return false;
    }
  }

  get(story) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + story) ?? "null");
    } catch {
      return null;
    }
  }

  drop(story) {
    try {
      localStorage.removeItem(this.prefix + story);
    } catch {
      // a browser without storage has kept nothing
    }
  }

  /** The names of the stories that are kept for this person, the newest first. */
  stories() {
    return this.names().filter((name) => !name.startsWith(COMMENT));
  }

  names() {
    let names = [];
    try {
      names = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
    } catch {
      return [];
    }
    const found = names.map((key) => key.slice(this.prefix.length));
    return found.sort((a, b) => (this.get(b)?.at ?? 0) - (this.get(a)?.at ?? 0));
  }

  /** Lets go what is too old, and the oldest of too many. */
  tidy() {
    const oldest = Date.now() - DAYS * 24 * 3600 * 1000;
    const comments = this.names().filter((name) => name.startsWith(COMMENT));
    for (const names of [this.stories(), comments]) {
      names.forEach((name, place) => {
        if (place >= MOST || (this.get(name)?.at ?? 0) < oldest) this.drop(name);
      });
    }
  }
}
