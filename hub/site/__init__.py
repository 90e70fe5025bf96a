"""The site for partner leads: the report pages behind the council's own sign-in.

`app` puts it together, `people` says who may see what, `sign_in` asks the council's issuer who somebody is.
"""

import warnings

from authlib.deprecate import AuthlibDeprecationWarning

# Authlib will ask issuers by httpx2; by httpx, which Airflow brings, it still does.
warnings.filterwarnings("ignore", category=AuthlibDeprecationWarning)
