-- When an account last looked at its inbox (lần xem gần nhất): what is owed since then is marked as new.
CREATE TABLE inbox_seen (
  account_id TEXT PRIMARY KEY REFERENCES identity_account (id),
  seen_ms    BIGINT NOT NULL
);
