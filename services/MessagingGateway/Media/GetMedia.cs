using Npgsql;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.MessagingGateway.Media;

/// <summary>
/// A picture, voice note or document for another service of ours. It is fetched from Meta each time and never stored here.
/// The tenant is named beside the id: the row is found among that tenant's only.
/// </summary>
internal static class GetMediaEndpoint
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public static void MapGetMedia(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/internal/media/{id}", HandleAsync).RequireAuthorization(Policies.Service);

    private static async Task HandleAsync(
        HttpContext context,
        MediaId id,
        TenantId tenantId,
        GatewayDbContext db,
        FindMedia find,
        DownloadMedia download,
        CancellationToken cancellationToken
    )
    {
        var media = await db.InTenantAsync(tenantId, (inner, token) => find.RunAsync(inner, tenantId, id, token), cancellationToken);
        if (media is null)
        {
            await Problems.Of(StatusCodes.Status404NotFound, "no-such-media", "There is no such file.").ExecuteAsync(context);
            return;
        }
        var (address, trouble) = await download.FindAsync(media.Access, media.MetaId, cancellationToken);
        var response = (HttpResponseMessage?)null;
        if (address is not null)
            (response, trouble) = await download.OpenAsync(media.Access, address, cancellationToken);
        using (response)
        {
            if (response is null)
                await RefuseAsync(context, trouble);
            else
                await PassOnAsync(context, media, address!, response, cancellationToken);
        }
    }

    private static async Task PassOnAsync(
        HttpContext context,
        FoundMedia media,
        MediaAddress address,
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        if (response.Content.Headers.ContentLength > DownloadMedia.MaxBytes)
        {
            await RefuseAsync(context, MediaTrouble.TooLarge);
            return;
        }
        context.Response.ContentType = media.MimeType;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = response.Content.Headers.ContentLength;
        byte[]?[] hashes = [CopyVerified.ParseHash(address.Sha256), CopyVerified.ParseHash(media.Sha256)];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        await using var source = await response.Content.ReadAsStreamAsync(limit.Token);
        var accepted = hashes.OfType<byte[]>().ToList();
        if (!await CopyVerified.RunAsync(source, context.Response.Body, accepted, DownloadMedia.MaxBytes, limit.Token))
            context.Abort();
    }

    private static Task RefuseAsync(HttpContext context, MediaTrouble trouble)
    {
        var problem = trouble switch
        {
            MediaTrouble.Gone => Problems.Of(StatusCodes.Status410Gone, "media-gone", "Meta has this file no more."),
            MediaTrouble.TooLarge => Problems.Of(
                StatusCodes.Status502BadGateway,
                "media-too-large",
                "The file is larger than is passed on."
            ),
            MediaTrouble.ForeignHost => Problems.Of(
                StatusCodes.Status502BadGateway,
                "media-elsewhere",
                "The file is not on a host of Meta's."
            ),
            _ => Problems.Of(StatusCodes.Status503ServiceUnavailable, "whatsapp-away", "WhatsApp can't be asked right now."),
        };
        return problem.ExecuteAsync(context);
    }
}

/// <summary>A file's row, opened for one download. Does not print itself.</summary>
internal sealed class FoundMedia(GraphAccess access, string metaId, string mimeType, string? sha256)
{
    public GraphAccess Access { get; } = access;

    public string MetaId { get; } = metaId;

    public string MimeType { get; } = mimeType;

    public string? Sha256 { get; } = sha256;
}

/// <summary>Finds a file's row and unseals Meta's id of it.</summary>
internal sealed class FindMedia(OpenContact contacts, Vault vault)
{
    /// <summary>The file; null when it is not this tenant's, or its contact was erased.</summary>
    public async Task<FoundMedia?> RunAsync(GatewayDbContext db, TenantId tenant, MediaId id, CancellationToken cancellationToken)
    {
        var rows = await db.Connection()
            .ReadAsync(
                """
                select m.meta_media_id, m.mime_type, m.sha256, m.subject,
                    c.id as channel_id, c.phone_number_id, c.state, c.circuit_state, c.access_token, c.pace_at,
                    c.paused_at
                from media m join thread t on t.id = m.thread_id join channel c on c.id = m.channel_id
                where m.id = $1 and not t.erased
                """,
                [id.Value],
                Row.Read,
                cancellationToken
            );
        if (rows is not [var row] || await vault.TryOpenSubjectKeyAsync(db, row.Subject, cancellationToken) is not { } key)
            return null;
        return await contacts.OpenAccessAsync(db, tenant, row.Channel, cancellationToken) is { } access
            ? new(access, key.Unseal(SealedColumns.MediaId, row.MetaId), row.MimeType, row.Sha256)
            : null;
    }

    private sealed record Row(SealedText MetaId, string MimeType, string? Sha256, DataSubjectId Subject, ChannelRow Channel)
    {
        public static Row Read(NpgsqlDataReader row) =>
            new(
                SealedText.FromBytes(row.Value<byte[]>("meta_media_id")),
                row.Value<string>("mime_type"),
                row.MaybeObject<string>("sha256"),
                new(row.Value<Guid>("subject")),
                ChannelRow.Read(row, "channel_id")
            );
    }
}
