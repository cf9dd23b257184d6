using WpAsis.Sandbox.Faults;

namespace WpAsis.Sandbox.Graph;

/// <summary>Reads of the Graph API: a number, the numbers of a business account, a media file.</summary>
internal sealed class ReadObject(GraphAccess access, BusinessNumbers numbers, MediaStore media, FaultList faults, TimeProvider clock)
{
    public async Task<IResult> GetAsync(HttpContext context, string id)
    {
        var fault = faults.Take("graph", context.Request.Path.ToString(), matchOnly: true);
        if (await fault.BeforeAsync(context, clock))
            return Results.Empty;
        if (fault?.Kind == "status")
            return new GraphError(fault.HttpStatus ?? 500, fault.Code ?? 2, "The sandbox was asked to refuse this call.").Answer();
        if (access.CheckToken(context.Request, out var token) is { } refused)
            return refused.Answer();
        if (numbers.Find(id) is { } number && number.AccessToken == token)
            return Results.Json(Describe(number));
        if (media.Find(id) is { } file)
            return Results.Json(Describe(context.Request, file));
        return numbers.All().FirstOrDefault(known => known.WabaId == id && known.AccessToken == token) is { } owner
            ? Results.Json(new { id, name = owner.VerifiedName })
            : GraphError.NoSuchObject(id).Answer();
    }

    public IResult ListNumbers(HttpContext context, string id) =>
        Owned(context, id, out var owned)
        ?? Results.Json(new { data = owned.Select(Describe), paging = new { cursors = new { before = "QVFIUA", after = "QVFIUZ" } } });

    public IResult Subscribe(HttpContext context, string id) => Owned(context, id, out _) ?? Results.Json(new { success = true });

    /// <summary>The bytes of a media file: at an address that lives five minutes, and only with the token.</summary>
    public IResult Download(HttpContext context, string key) =>
        access.CheckToken(context.Request, out _) is { } refused ? refused.Answer()
        : media.ByUrlKey(key) is { } file ? Results.Bytes(file.Bytes, file.MimeType)
        : Results.NotFound();

    private IResult? Owned(HttpContext context, string wabaId, out IReadOnlyList<BusinessNumber> owned)
    {
        owned = [];
        if (access.CheckToken(context.Request, out var token) is { } refused)
            return refused.Answer();
        owned = [.. numbers.All().Where(number => number.WabaId == wabaId && number.AccessToken == token)];
        return owned.Count == 0 ? GraphError.NoSuchObject(wabaId).Answer() : null;
    }

    private static Dictionary<string, object> Describe(BusinessNumber number) =>
        new(StringComparer.Ordinal)
        {
            ["id"] = number.PhoneNumberId,
            ["display_phone_number"] = number.DisplayPhoneNumber,
            ["verified_name"] = number.VerifiedName,
            ["quality_rating"] = "GREEN",
            ["code_verification_status"] = "VERIFIED",
            ["platform_type"] = "CLOUD_API",
            ["throughput"] = new { level = "STANDARD" },
        };

    private Dictionary<string, object> Describe(HttpRequest request, MediaFile file) =>
        new(StringComparer.Ordinal)
        {
            ["messaging_product"] = "whatsapp",
            ["url"] = $"https://{request.Host}/graph/media/{media.MakeUrlKey(file)}",
            ["mime_type"] = file.MimeType.Split(';')[0],
            ["sha256"] = file.Sha256Hex,
            ["file_size"] = file.Bytes.Length,
            ["id"] = file.Id,
        };
}
