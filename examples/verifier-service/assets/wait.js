// Shows the result as soon as the wallet has answered. Without it the link does the same.
const until = Date.now() + 10 * 60_000

async function look() {
  let answer
  try {
    answer = await fetch('/result', { headers: { accept: 'text/html' } })
  } catch {
    // The network was away for a moment.
  }
  if (answer === undefined || answer.status === 202 || answer.status === 429) {
    if (Date.now() < until) setTimeout(look, 1500)
    return
  }
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const main = page.querySelector('main')
  if (main === null) return
  document.title = page.title
  document.querySelector('main')?.replaceWith(document.adoptNode(main))
  document.querySelector('main')?.focus()
}

setTimeout(look, 1500)
