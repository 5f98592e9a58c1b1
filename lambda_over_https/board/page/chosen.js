// What is chosen by the keyboard stays chosen, also where its list is drawn anew.

/** Replace the entries of a list; their buttons are told apart by data-key. */
export function refill(list, entries) {
  const again = list.contains(document.activeElement) ? remembered() : () => {};
  list.replaceChildren(...entries);
  again();
}

/** A function that gives the focus back to the button that has it now, or to the one that has its key by then. */
export function remembered() {
  const button = document.activeElement;
  const list = button?.closest("ol");
  const { key } = button?.dataset ?? {};
  return () => {
    const same = key && list?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    (same || list?.querySelector("button") || button)?.focus();
  };
}
