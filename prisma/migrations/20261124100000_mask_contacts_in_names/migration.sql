-- A name is shown to every key that reads customers, and found by every search. So customers who were named by an e-mail
-- address or phone number are named by its masked form, and what a search reads tells names from contact points by a tab.
ALTER TABLE "Customer" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "ContactPoint" NO FORCE ROW LEVEL SECURITY;

CREATE TEMP TABLE named_by_contact ON COMMIT DROP AS
  SELECT c."workspaceId", c."id", CASE p."kind"
    WHEN 'PHONE' THEN regexp_replace(p."normalizedValue", '^(.{3}).+(..)$', '\1***\2')
    ELSE regexp_replace(regexp_replace(p."normalizedValue", '^[^@]{1,3}(@|$)', '***\1'), '^([^@*])[^@]{2,}([^@*])(@|$)', '\1***\2\3')
  END AS masked
  FROM "Customer" c JOIN "ContactPoint" p ON p."workspaceId" = c."workspaceId" AND p."customerId" = c."id"
  WHERE c."displayName" IN (p."normalizedValue", p."value");

UPDATE "Customer" c SET "displayName" = n.masked FROM named_by_contact n
  WHERE c."workspaceId" = n."workspaceId" AND c."id" = n."id";

UPDATE "Customer" c SET "searchText" = concat_ws(E'\n', lower(n.masked), nullif(t.names, '')) || E'\t' || t.contacts
FROM (
  SELECT l."workspaceId", l."id",
    coalesce(string_agg(l.line, E'\n' ORDER BY l.place) FILTER (WHERE NOT l.is_contact), '') AS names,
    coalesce(string_agg(l.line, E'\n' ORDER BY l.place) FILTER (WHERE l.is_contact), '') AS contacts
  FROM (
    SELECT c."workspaceId", c."id", line, place, line LIKE '%@%' OR EXISTS (
      SELECT 1 FROM "ContactPoint" p
      WHERE p."workspaceId" = c."workspaceId" AND p."customerId" = c."id" AND lower(p."normalizedValue") = line
    ) AS is_contact
    FROM "Customer" c, regexp_split_to_table(replace(c."searchText", E'\t', ' '), E'\n') WITH ORDINALITY AS lines (line, place)
  ) l GROUP BY l."workspaceId", l."id"
) t LEFT JOIN named_by_contact n ON n."workspaceId" = t."workspaceId" AND n."id" = t."id"
WHERE c."workspaceId" = t."workspaceId" AND c."id" = t."id";

ALTER TABLE "Customer" FORCE ROW LEVEL SECURITY;
ALTER TABLE "ContactPoint" FORCE ROW LEVEL SECURITY;
