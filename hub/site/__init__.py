"""The site for partner leads: the report pages behind the council's own sign-in.

`app` puts it together, `people` says who may see what, `sign_in` asks the council's issuer who somebody is.
"""
