-- A plan of 5,000,000 rows to try things with; every 58,368 of them have all combinations of the values below.
COPY (
    SELECT
        'banner-' || i AS asset,
        'a red fox, no. ' || i AS prompt,
        ([
            NULL, 'gpt-image-2-official', 'gpt-image-2', 'gpt-image-2-beta', 'doubao-seedream-5-0-lite', 'flux-2',
            'flux-2-flex', 'gemini-2.5-flash-image-preview', 'gemini-2.5-flash-image-preview-official',
            'gemini-3-pro-image-preview', 'gemini-3-pro-image-preview-official', 'gemini-3.1-flash-image-preview',
            'gemini-3.1-flash-image-preview-official', 'imagen-4-0', 'nano-banana-2-lite', 'qwen-image-2',
            'wan2.7-image', 'wan2.7-image-pro', 'z-image'
        ])[1 + i // 3072 % 19] AS model,
        (['1:1', '16:9', '9:16', '3:2', '21:9', 'auto', '7:5', NULL])[1 + i % 8] AS size,
        (['1k', '2k', '2K', '4k', '8k', NULL, '1920x1080', '3k'])[1 + i // 8 % 8] AS resolution,
        (['low', 'medium', 'high', 'auto', 'hd', NULL])[1 + i // 64 % 6] AS quality,
        ([NULL, '1', '4', '5'])[1 + i // 384 % 4] AS n,
        ([NULL, 'https://cdn.example.com/a.png'])[1 + i // 1536 % 2] AS image_urls
    FROM range(5_000_000) AS numbers(i)
) TO 'plan.csv' (HEADER);
