const MOST_STEPS = 12;

/** A browser without a window: goes where it is sent, with its cookies, and ends at the first page that stays. */
export async function visitLogin(
  address: string,
): Promise<{ readonly url: string; readonly status: number }> {
  const cookies = new Map<string, string>();
  let url = address;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get('location');
    await response.arrayBuffer();
    if (location === null) return { url, status: response.status };
    url = new URL(location, url).href;
  }
  throw new Error(`The login goes round in a circle at ${url}.`);
}
