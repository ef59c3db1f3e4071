// Loaded by nobody until the button is pressed, perhaps days after the page.
export function report() {
  return 'report {{build}}'
}
