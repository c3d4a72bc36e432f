-- Writes quoted.csv: every row of plan.csv with what priced.csv says of its combination, reasons included.
COPY (
    SELECT plan.*, priced.* EXCLUDE (combination)
    FROM read_csv('plan.csv', all_varchar = true) AS plan
    JOIN combinations AS its
        ON its.model IS NOT DISTINCT FROM plan.model
        AND its.size IS NOT DISTINCT FROM plan.size
        AND its.resolution IS NOT DISTINCT FROM plan.resolution
        AND its.quality IS NOT DISTINCT FROM plan.quality
        AND its.n IS NOT DISTINCT FROM plan.n
        AND its.has_images = (plan.image_urls IS NOT NULL)
    JOIN (
        SELECT combination::BIGINT AS combination, columns('reapi_.*')
        FROM read_csv('priced.csv', all_varchar = true)
    ) AS priced
        ON priced.combination = its.combination
) TO 'quoted.csv' (HEADER);
