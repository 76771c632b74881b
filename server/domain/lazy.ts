// Libraries that only rare calls need: they are loaded by the first of these calls, so that a process starts without them
// and most never hold them.

/**
 * Makes a function that loads a module once.
 *
 * @param load an arrow function with nothing but the `import` of a name in quotes, so that its types are known and the tests see what it loads
 */
export function lazy<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let loaded: Promise<Module> | undefined;
  // A load that failed, for lack of memory or a file handle, is tried again.
  return () =>
    loaded ??= load().catch((error) => {
      loaded = undefined;
      throw error;
    });
}
