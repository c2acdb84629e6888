"""What a site is: the dataclasses a site file is read into, and the reader that complains well."""
