// The workspace's JSON endpoints. Every call resolves to the answer, refusals included:
// {ok: false, error}. Only what has no answer at all becomes {ok: false, error: "no_connection"}.

async function call(path, options) {
  try {
    const response = await fetch(path, options);
    const answer = await response.json();
    return response.ok ? { ok: true, ...answer } : { ...answer, ok: false, error: answer.error || `http_${response.status}` };
  } catch {
    return { ok: false, error: "no_connection" };
  }
}

export function get(name, params = {}) {
  const query = new URLSearchParams(Object.entries(params).filter(([, v]) => v !== null && v !== undefined));
  const tail = query.toString();
  return call(`/sandbox/${name}${tail ? `?${tail}` : ""}`);
}

export function post(name, body) {
  return call(`/sandbox/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Live events of one person. `onopen(again)` tells whether this is a re-connection. */
export function events(as, onevent, onopen, onlost) {
  let source = null;
  let opened = false;
  let timer = null;
  let stopped = false;
  const connect = () => {
    source = new EventSource(`/sandbox/events?as=${encodeURIComponent(as)}`);
    source.onopen = () => {
      onopen(opened);
      opened = true;
    };
    source.onmessage = (event) => onevent(JSON.parse(event.data));
    source.onerror = () => {
      onlost();
      source.close();
      if (!stopped) timer = setTimeout(connect, 1000);
    };
  };
  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    source.close();
  };
}

const SENTENCES = {
  no_connection: "The workspace does not answer. Is it still running?",
  operation_timeout: "The app did not answer within 3 seconds (operation_timeout).",
  dispatch_failed: "The app could not be reached, or its answer was an error (dispatch_failed).",
  unknown_command: "No app has such a command here.",
  is_archived: "This channel is archived.",
  not_in_channel: "You are not in this channel.",
};

/** What to tell a person about a refusal. */
export function sentence(error) {
  return SENTENCES[error] || `That did not work: ${error}.`;
}
