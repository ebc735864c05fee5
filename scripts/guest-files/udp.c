// UDP for a guest that has busybox only. udp ask ADDRESS PORT TEXT: sends the text, prints what comes back. udp echo PORT: sends back whatever comes (RFC 862).
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

static char buffer[65536];

static int ask(struct sockaddr_in to, const char* text) {
    const int s = socket(AF_INET, SOCK_DGRAM, 0);
    const struct timeval patience = {2, 0};
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(s, (struct sockaddr*)&to, sizeof to) != 0) return perror("udp"), 1;
    for (int attempt = 0; attempt < 3; ++attempt) {
        if (send(s, text, strlen(text), 0) < 0) perror("udp");
        const ssize_t n = recv(s, buffer, sizeof buffer, 0);
        if (n < 0) continue;
        printf("answer: %.*s\n", (int)n, buffer);
        return 0;
    }
    printf("no answer\n");
    return 1;
}

static int echo(struct sockaddr_in at) {
    const int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(s, (struct sockaddr*)&at, sizeof at) != 0) return perror("udp"), 1;
    for (;;) {
        struct sockaddr_in from;
        socklen_t length = sizeof from;
        const ssize_t n = recvfrom(s, buffer, sizeof buffer, 0, (struct sockaddr*)&from, &length);
        if (n >= 0) sendto(s, buffer, (size_t)n, 0, (struct sockaddr*)&from, length);
    }
}

int main(int count, char** words) {
    struct sockaddr_in a = {.sin_family = AF_INET};
    if (count == 5 && strcmp(words[1], "ask") == 0 && inet_aton(words[2], &a.sin_addr)) {
        a.sin_port = htons((unsigned short)atoi(words[3]));
        return ask(a, words[4]);
    }
    if (count == 3 && strcmp(words[1], "echo") == 0) {
        a.sin_port = htons((unsigned short)atoi(words[2]));
        return echo(a);
    }
    fprintf(stderr, "udp ask ADDRESS PORT TEXT | udp echo PORT\n");
    return 2;
}
