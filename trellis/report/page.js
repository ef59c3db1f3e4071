'use strict'
// Hides rows that do not fit what is searched for; without it the page shows everything.
const query = document.getElementById('query')
const only = document.getElementById('only')
const count = document.getElementById('count')
const rows = [...document.querySelectorAll('tr[data-row]')]
const texts = rows.map((row) => row.textContent.toLowerCase())
const folds = [...document.querySelectorAll('details')]
const opened = new Map(folds.map((fold) => [fold, fold.open]))

function apply() {
  const words = query.value.toLowerCase().split(/\s+/).filter(Boolean)
  const asked = words.length > 0 || only.checked
  let shown = 0
  rows.forEach((row, place) => {
    const fits =
      words.every((word) => texts[place].includes(word)) &&
      (!only.checked || row.hasAttribute('data-attention'))
    row.hidden = !fits
    shown += fits ? 1 : 0
  })
  for (const table of document.querySelectorAll('main .scroll')) {
    const own = table.querySelectorAll('tr[data-row]')
    if (own.length) table.hidden = asked && ![...own].some((row) => !row.hidden)
  }
  for (const fold of folds) {
    const some = fold.querySelector('tr[data-row]:not([hidden])') !== null
    fold.hidden = asked && !some
    fold.open = asked ? some : opened.get(fold)
  }
  count.textContent = asked ? `${shown} of ${rows.length} rows` : `${rows.length} rows`
}

query.addEventListener('input', apply)
only.addEventListener('change', apply)
for (const fold of folds) {
  fold.addEventListener('toggle', () => {
    if (!query.value && !only.checked) opened.set(fold, fold.open)
  })
}
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== query) {
    event.preventDefault()
    query.focus()
  }
  if (event.key === 'Escape' && document.activeElement === query) {
    query.value = ''
    apply()
  }
})
// Paper shows what is folded, too.
window.addEventListener('beforeprint', () => folds.forEach((fold) => { fold.open = true }))
window.addEventListener('afterprint', () => folds.forEach((fold) => { fold.open = opened.get(fold) }))
document.querySelector('search').hidden = false
apply()
