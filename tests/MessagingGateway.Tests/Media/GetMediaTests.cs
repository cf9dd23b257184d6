using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Tests.Replies;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.MessagingGateway.Tests.Media;

public sealed class GetMediaTests(SendFixture fixture) : IClassFixture<SendFixture>
{
    private static readonly byte[] File = RandomNumberGenerator.GetBytes(200_000);

    [Fact]
    public async Task A_file_comes_from_Meta_with_the_token_and_is_what_was_promised()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var media = await AddAsync(world);
        var tokens = new List<string>();
        world.Graph.Other = context => AnswerAsync(context, world, tokens);

        using var response = await GetAsync(world, media, world.Tenant);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
        (await response.Content.ReadAsByteArrayAsync(Stop)).ShouldBe(File);
        tokens.ShouldBe(["Bearer token-" + world.PhoneNumberId, "Bearer token-" + world.PhoneNumberId]);
    }

    [Fact]
    public async Task An_address_that_is_not_Metas_is_not_asked_and_sees_no_token()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        await using var foreign = await Tests.CloudApi.StubGraph.StartAsync();
        var media = await AddAsync(world);
        var seen = 0;
        foreign.Other = _ => Task.FromResult(++seen > 0);
        world.Graph.Other = context => AnswerAsync(context, world, [], url: foreign.Url + "/file");

        using var response = await GetAsync(world, media, world.Tenant);

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        seen.ShouldBe(0);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var media = await AddAsync(world);
        var tokens = new List<string>();
        world.Graph.Other = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/file", StringComparison.Ordinal))
                return await AnswerAsync(context, world, tokens);
            context.Response.Redirect(world.Graph.Url + "/file2");
            return true;
        };

        using var response = await GetAsync(world, media, world.Tenant);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        tokens.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_was_changed_on_its_way_does_not_arrive()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var media = await AddAsync(world);
        world.Graph.Other = context => AnswerAsync(context, world, [], hash: SHA256.HashData([1]));

        await Should.ThrowAsync<Exception>(async () =>
        {
            using var response = await GetAsync(world, media, world.Tenant);
            await response.Content.ReadAsByteArrayAsync(Stop);
        });
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var media = await AddAsync(world);
        world.Graph.Other = context => AnswerAsync(context, world, [], size: 17 * 1024 * 1024);

        using var response = await GetAsync(world, media, world.Tenant);

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task Neither_members_nor_other_tenants_get_a_file()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var media = await AddAsync(world);
        using var member = world.Host.SignedIn(world.Tenant);

        using var asMember = await member.GetAsync(new Uri($"/internal/media/{media}?tenantId={world.Tenant}", UriKind.Relative), Stop);
        using var elsewhere = await GetAsync(world, media, TypedId.New<TenantId>(TimeProvider.System));

        asMember.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        elsewhere.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<HttpResponseMessage> GetAsync(SendWorld world, MediaId media, TenantId tenant)
    {
        using var responder = world.Host.SignedIn(tenant, service: "ai-responder");
        return await responder.GetAsync(
            new Uri($"/internal/media/{media}?tenantId={tenant}", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead,
            Stop
        );
    }

    private static async Task<MediaId> AddAsync(SendWorld world)
    {
        var media = TypedId.New<MediaId>(world.Clock);
        var thread = await world.AddThreadAsync();
        await using var db = world.Host.Services.GetRequiredService<WorkDb<GatewayDbContext>>().CreateContext();
        await db.InTenantAsync(
            world.Tenant,
            async (inner, token) =>
            {
                var key = await world.Host.Services.GetRequiredService<Vault>().OpenSubjectKeyAsync(inner, thread.Subject, token);
                await inner
                    .Connection()
                    .RunAsync(
                        """
                        insert into media (id, tenant_id, message_id, thread_id, channel_id, subject, meta_media_id, mime_type, arrived_at)
                        values ($1, $2, $3, $4, $5, $6, $7, 'image/jpeg', $8)
                        """,
                        [
                            media.Value,
                            world.Tenant.Value,
                            TypedId.NewGuid(world.Clock),
                            thread.Id.Value,
                            world.Channel.Value,
                            thread.Subject.Value,
                            key.Seal(SealedColumns.MediaId, "m-77").ToBytes(),
                            world.Clock.GetUtcNow(),
                        ],
                        token
                    );
            },
            Stop
        );
        return media;
    }

    private static async Task<bool> AnswerAsync(
        HttpContext context,
        SendWorld world,
        List<string> tokens,
        string? url = null,
        byte[]? hash = null,
        long? size = null
    )
    {
        tokens.Add(context.Request.Headers.Authorization.ToString());
        if (context.Request.Path.Value!.EndsWith("/m-77", StringComparison.Ordinal))
        {
            await context.Response.WriteAsJsonAsync(
                new
                {
                    url = url ?? world.Graph.Url + "/file",
                    mime_type = "image/jpeg",
                    sha256 = Convert.ToHexStringLower(hash ?? SHA256.HashData(File)),
                    file_size = size ?? File.Length,
                }
            );
        }
        else
            await context.Response.Body.WriteAsync(File);
        return true;
    }
}
