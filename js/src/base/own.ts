/**
 * Reading objects that others made. Only their own properties count, and each
 * is read once: what somebody put on Object.prototype chooses no option, and a
 * getter cannot tell a check one thing and what follows another.
 */

/** These properties of an object, as far as it has them itself; a copy that inherits nothing. */
export function readOwn<T extends object>(object: T, names: readonly string[]): Partial<T> {
  const copy = Object.create(null) as Record<string, unknown>
  for (const name of Object.getOwnPropertyNames(object)) {
    if (names.includes(name)) {
      copy[name] = (object as Record<string, unknown>)[name]
    }
  }
  return copy as Partial<T>
}

/** A copy of an object, for those who look up what is not there. */
export function bare<T extends object>(object: T): T {
  return Object.assign(Object.create(null) as T, object)
}

/** One property of an object, if it has that itself. */
export function readProperty<T extends object, K extends keyof T>(
  object: T,
  name: K,
): T[K] | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** A method, which may come from a class, but not from what every object inherits. */
export function readMethod(object: object, name: string): unknown {
  let holder: object | null = object
  while (holder !== null && holder !== Object.prototype) {
    if (Object.hasOwn(holder, name)) {
      return (object as Record<string, unknown>)[name]
    }
    holder = Object.getPrototypeOf(holder)
  }
  return undefined
}
