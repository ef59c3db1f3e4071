// A site's viewer-request function (cloudfront-js-2.0): other names lead to the site's own, and
// paths become object keys. `SITE` is written before it, see functions.py.

function handler(event) {
    const request = event.request;
    const host = request.headers.host ? request.headers.host.value.toLowerCase().split(':')[0] : '';
    if (SITE.redirectFrom.includes(host)) {
        return moved(SITE.domain, request.uri, request);
    }
    if (SITE.pages === 'none') {
        return request;
    }
    if (hidden(request.uri)) {
        return missing();
    }
    const last = request.uri.substring(request.uri.lastIndexOf('/') + 1);
    const isFile = request.uri.startsWith('/.well-known/')
        || (SITE.pages === 'spa' ? namesFile(last, request) : last.includes('.'));
    if (SITE.pages === 'files') {
        // The bucket itself would list its objects.
        return request.uri === '/' ? missing() : request;
    }
    if (isFile) {
        return request;
    }
    if (SITE.pages === 'spa') {
        request.uri = '/' + SITE.index;
    } else if (last === '') {
        request.uri = request.uri + SITE.index;
    } else {
        // Relative links of a folder's page need the slash.
        return moved(SITE.domain, request.uri + '/', request);
    }
    return request;
}

// What a page's scripts, styles, pictures and downloads end in. A route of a single-page application
// may end in anything else, as in /ip/10.0.0.5 or /people/ada.lovelace.
const FILES = ('avif bmp br css csv eot gif gz htm html ico jpeg jpg js json map md mjs mp3 mp4 ogg otf '
    + 'pdf png rss svg tar ttf txt wasm wav webm webmanifest webp woff woff2 xml yaml yml zip').split(' ');

function namesFile(last, request) {
    const dot = last.lastIndexOf('.');
    if (dot <= 0) {
        return dot === 0;
    }
    const ending = last.substring(dot + 1).toLowerCase();
    if (FILES.includes(ending)) {
        return true;
    }
    // Whoever follows a link asks for a page; scripts ask for anything.
    const accept = request.headers.accept ? request.headers.accept.value : '';
    return /[a-z]/.test(ending) && !accept.includes('text/html');
}

// The address is always whole: a path that begins with two slashes would lead to another host.
function moved(host, path, request) {
    const query = request.rawQueryString();
    const readOnly = request.method === 'GET' || request.method === 'HEAD';
    return {
        // 308 keeps the method and body of anything but a read.
        statusCode: readOnly ? 301 : 308,
        statusDescription: readOnly ? 'Moved Permanently' : 'Permanent Redirect',
        headers: {
            location: { value: 'https://' + host + path + (query ? '?' + query : '') },
            'cache-control': { value: 'max-age=3600' },
        },
    };
}

function missing() {
    return {
        statusCode: 404,
        statusDescription: 'Not Found',
        headers: { 'cache-control': { value: 'no-store' } },
        body: 'Not found',
    };
}

// What deployments keep beside the content, however its path is written.
function hidden(uri) {
    let path = uri;
    try {
        path = decodeURIComponent(uri);
    } catch (error) {
        return true;
    }
    return path.startsWith(SITE.hidden);
}
