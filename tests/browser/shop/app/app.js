// A single-page app: routes by path, loads the report only when somebody asks for it.
const app = document.querySelector('#app')

function title(path) {
  const order = /^\/orders\/(\d+)$/.exec(path)
  if (order) return `Order ${order[1]}`
  return path === '/' ? 'Shop' : 'No such page'
}

function show() {
  app.querySelector('h1').textContent = title(location.pathname)
}

async function said(element, work) {
  const target = app.querySelector(element)
  try {
    target.textContent = await work()
  } catch (error) {
    target.textContent = `failed: ${error.message}`
  }
}

async function ask(path, options) {
  const answer = await fetch(path, options)
  return `${answer.status} ${await answer.text()}`
}

app.innerHTML = `
  <h1></h1>
  <p id="build">build {{build}}</p>
  <nav><a id="order" href="/orders/18">Order 18</a></nav>
  <button id="report">Report</button><p id="report-said"></p>
  <button id="orders">Orders</button><p id="orders-said"></p>
  <button id="settings">Settings</button><p id="settings-said"></p>`
show()

app.querySelector('#order').addEventListener('click', (event) => {
  event.preventDefault()
  history.pushState(null, '', event.target.href)
  show()
})
addEventListener('popstate', show)
app.querySelector('#report').addEventListener('click', () =>
  said('#report-said', async () => (await import('/{{report.js}}')).report()),
)
app.querySelector('#orders').addEventListener('click', () =>
  said('#orders-said', () => ask('/api/orders?open=1')),
)
app.querySelector('#settings').addEventListener('click', () =>
  said('#settings-said', () => ask('/config.json')),
)
