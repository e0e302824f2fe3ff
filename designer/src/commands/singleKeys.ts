const name = 'designer.singleKeys'

/** Keys of a single character can be switched off: who speaks to the computer presses them without meaning to. */
export const singleKeys = {
  on: () => localStorage.getItem(name) !== 'off',
  set: (on: boolean) => localStorage.setItem(name, on ? 'on' : 'off'),
}
