// Preloaded into Node: every name under .localhost is this machine (RFC 6761), as in browsers, whatever the system's resolver says.
const dns = require("dns");

for (const resolver of [dns, dns.promises]) {
	const lookup = resolver.lookup;
	resolver.lookup = function (name, ...rest) {
		return lookup.call(this, /\.localhost$/.test(name) ? "127.0.0.1" : name, ...rest);
	};
}
