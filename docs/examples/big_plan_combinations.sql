-- Writes combinations.csv: each combination of plan.csv once, to be quoted into priced.csv.
-- Everything is read as text: a reader that guesses reads 16:09 as a time, and 2.5 images as 3.
CREATE TABLE combinations AS
SELECT row_number() OVER () AS combination, *
FROM (
    SELECT DISTINCT model, size, resolution, quality, n, image_urls IS NOT NULL AS has_images
    FROM read_csv('plan.csv', all_varchar = true)
);
COPY (
    SELECT
        combination, model, size, resolution, quality, n, 'any prompt' AS prompt,
        if(has_images, 'https://example.com/a.png', NULL) AS image_urls
    FROM combinations
    ORDER BY combination
) TO 'combinations.csv' (HEADER);
