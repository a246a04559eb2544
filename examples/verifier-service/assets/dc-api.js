// Asks through the Digital Credentials API where the browser has it; elsewhere the button stays away.
const button = document.querySelector('#dc-api')
const form = document.querySelector('form')
const failed = document.querySelector('#dc-api-failed')

if ('DigitalCredential' in globalThis && button !== null && form !== null) {
  button.hidden = false
  button.addEventListener('click', async () => {
    failed.hidden = true
    try {
      const body = new URLSearchParams({
        question: new FormData(form).get('question'),
        flow: 'dc-api',
      })
      const begun = await fetch('/ask', { method: 'POST', body })
      const { request } = await begun.json()
      const credential = await navigator.credentials.get({
        mediation: 'required',
        digital: { requests: [request] },
      })
      const answer = await fetch('/dc-api', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(credential.data),
      })
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      document.title = page.title
      document.querySelector('main').replaceWith(document.adoptNode(page.querySelector('main')))
      document.querySelector('main').focus()
    } catch {
      failed.hidden = false
    }
  })
}
