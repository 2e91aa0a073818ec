"""Everything that `adscan report` shows of a scan: page, workbooks, tables, leads, samples."""
