-- A plan of 5,000,000 rows to try things with; every 3,072 of them have all combinations of the values below.
COPY (
    SELECT
        'banner-' || i AS asset,
        'a red fox, no. ' || i AS prompt,
        (['1:1', '16:9', '9:16', '3:2', '21:9', 'auto', '7:5', NULL])[1 + i % 8] AS size,
        (['1k', '2k', '2K', '4k', '8k', NULL, '1k', '2k'])[1 + i // 8 % 8] AS resolution,
        (['low', 'medium', 'high', 'auto', 'hd', NULL])[1 + i // 64 % 6] AS quality,
        ([NULL, '1', '4', '5'])[1 + i // 384 % 4] AS n,
        ([NULL, 'https://cdn.example.com/a.png'])[1 + i // 1536 % 2] AS image_urls
    FROM range(5_000_000) AS numbers(i)
) TO 'plan.csv' (HEADER);
