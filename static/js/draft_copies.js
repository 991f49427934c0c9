// A second copy of every draft. The browser writes localStorage down when it likes, up to minutes later, and a telephone that
// needs the memory or the battery kills it before; what goes into a database is written down at once.
const STORE = "drafts";
const LONGEST = 1000; // a disk that hangs must not hold the page's scripts up

const opened = new Promise((done) => {
  setTimeout(done, LONGEST);
  try {
    const asked = indexedDB.open(STORE);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => done();
  } catch {
    done(); // a store may be forbidden: that only costs the copy
  }
});

// Settles when it is written down, or could not be.
const within = async (mode, act) => {
  const database = await opened;
  if (!database) return null;
  return new Promise((done) => {
    try {
      const work = database.transaction(STORE, mode);
      const asked = act(work.objectStore(STORE));
      work.commit?.();
      work.oncomplete = () => done(asked.result);
      work.onabort = () => done(null);
    } catch {
      done(null); // the browser has closed it meanwhile
    }
  });
};

export const put = (key, draft) => within("readwrite", (store) => store.put({ key, draft }, key));
export const remove = (key) => within("readwrite", (store) => store.delete(key));
export const removeAll = (start) => within("readwrite", (store) => store.delete(IDBKeyRange.bound(start, `${start}\uffff`)));
export const all = async () => (await within("readonly", (store) => store.getAll())) ?? [];
