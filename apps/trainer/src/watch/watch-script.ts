/** What runs in the page of `gmlp watch`: asks every second whether the content changed, and puts the new one in its place. */
export const watchScript = `
const main = document.querySelector('main');
const live = document.querySelector('#live');
const ask = async () => {
  try {
    const answer = await fetch('/content?' + main.dataset.tag, { cache: 'no-store' });
    if (!answer.ok) throw new Error(await answer.text());
    if (answer.status === 200) {
      main.innerHTML = await answer.text();
      main.dataset.tag = answer.headers.get('ETag');
    }
    live.textContent = 'live';
    live.className = '';
  } catch (error) {
    live.textContent = error instanceof TypeError ? 'gmlp watch has ended: this is the last that was seen' : error.message;
    live.className = 'lost';
  }
  setTimeout(ask, 1000);
};
setTimeout(ask, 1000);
`;
