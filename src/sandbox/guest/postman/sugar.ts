// Postman gives old scripts the methods of Sugar 1.4 on texts, lists and numbers. These are the ones that scripts were seen to use, and
// their neighbours; where the language itself has one of the name it stays.
type Methods = Readonly<Record<string, (this: never, ...values: never[]) => unknown>>;

function words(text: string): string[] {
  return text
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .filter((word) => word !== '');
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
}

function rounded(value: number, round: (value: number) => number, places = 0): number {
  const factor = 10 ** places;
  return round(value * factor) / factor;
}

function mapped(list: readonly unknown[], map?: (item: unknown) => unknown): number[] {
  return list.map((item) => Number(map ? map(item) : item));
}

const strings: Methods = {
  has(this: string, wanted: string | RegExp) {
    return wanted instanceof RegExp ? wanted.test(this) : String(this).includes(wanted);
  },
  first(this: string, count = 1) {
    return this.slice(0, count);
  },
  last(this: string, count = 1) {
    return count > 0 ? this.slice(-count) : '';
  },
  from(this: string, index = 0) {
    return this.slice(index);
  },
  to(this: string, index?: number) {
    return this.slice(0, index);
  },
  compact(this: string) {
    return this.trim().replace(/\s+/g, ' ');
  },
  isBlank(this: string) {
    return this.trim() === '';
  },
  camelize(this: string, isUpper = true) {
    const all = words(String(this)).map(capitalized);
    return (isUpper ? all : all.map((word, index) => (index === 0 ? word.toLowerCase() : word))).join('');
  },
  capitalize(this: string, isAll = false) {
    return isAll
      ? String(this)
          .toLowerCase()
          .replace(/(^|\s)\S/g, (start) => start.toUpperCase())
      : capitalized(String(this));
  },
  underscore(this: string) {
    return words(String(this)).join('_').toLowerCase();
  },
  dasherize(this: string) {
    return words(String(this)).join('-').toLowerCase();
  },
  words(this: string) {
    return this.trim().split(/\s+/);
  },
  lines(this: string) {
    return this.trim().split(/\r?\n/);
  },
  chars(this: string) {
    return Array.from(String(this));
  },
  toNumber(this: string, base?: number) {
    return base === undefined ? Number.parseFloat(this.replaceAll(',', '')) : Number.parseInt(this, base);
  },
};

const lists: Methods = {
  first(this: unknown[], count?: number) {
    return count === undefined ? this[0] : this.slice(0, count);
  },
  last(this: unknown[], count?: number) {
    return count === undefined ? this.at(-1) : this.slice(-count);
  },
  from(this: unknown[], index: number) {
    return this.slice(index);
  },
  to(this: unknown[], index: number) {
    return this.slice(0, index);
  },
  isEmpty(this: unknown[]) {
    return this.length === 0;
  },
  unique(this: unknown[]) {
    return [...new Set(this)];
  },
  compact(this: unknown[]) {
    return this.filter((item) => item !== null && item !== undefined && !Number.isNaN(item));
  },
  clone(this: unknown[]) {
    return [...this];
  },
  sum(this: unknown[], map?: (item: unknown) => unknown) {
    return mapped(this, map).reduce((sum, value) => sum + value, 0);
  },
  average(this: unknown[], map?: (item: unknown) => unknown) {
    return this.length === 0 ? 0 : mapped(this, map).reduce((sum, value) => sum + value, 0) / this.length;
  },
};

const numbers: Methods = {
  round(this: number, places?: number) {
    return rounded(Number(this), Math.round, places);
  },
  floor(this: number, places?: number) {
    return rounded(Number(this), Math.floor, places);
  },
  ceil(this: number, places?: number) {
    return rounded(Number(this), Math.ceil, places);
  },
  abs(this: number) {
    return Math.abs(Number(this));
  },
  isInteger(this: number) {
    return Number.isInteger(Number(this));
  },
  times(this: number, each: (index: number) => unknown) {
    for (let index = 0; index < this; index += 1) each(index);
    return Number(this);
  },
};

/** Puts them on the prototypes, where a loop over an object does not meet them. */
export function addSugar(): void {
  for (const [target, methods] of [
    [String.prototype, strings],
    [Array.prototype, lists],
    [Number.prototype, numbers],
  ] as const) {
    for (const [name, value] of Object.entries(methods)) {
      if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true });
    }
  }
}
