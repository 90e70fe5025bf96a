// A token endpoint, RFC 6749 and 7523, as oidc-provider makes it. Clients come as JSON in the first argument.
import { Provider } from 'oidc-provider';

const { clients, lives } = JSON.parse(process.argv[2]);
const provider = new Provider('http://127.0.0.1', {
  clients: clients.map((one) => ({
    ...one, grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
  })),
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
  enabledJWA: { clientAuthSigningAlgValues: ['RS512'] },
  scopes: ['referrals'],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: { enabled: false },
  },
  routes: { token: '/oauth2/token' },
  ttl: { ClientCredentials: lives },
});
const server = provider.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
